//! What the jvm engine tells a learner.

use std::io;

use super::layout::Layout;
use crate::engine::ports;
use crate::phrase;
use crate::phrase::Phrase;
use crate::problem::Problem;

pub(super) fn starting(layout: &Layout) -> Phrase {
    let (version, count) = (&layout.kafka_version, layout.nodes.len());
    let nodes = if count == 1 { "node" } else { "nodes" };
    phrase!("starting Kafka {version}, {count} {nodes}", "正在启动 Kafka {version}，{count} 个节点")
}

pub(super) fn worker_died(e: &tokio::task::JoinError) -> Problem {
    Problem::new(
        "internal",
        phrase!("a worker of this program died: {e}", "程序内部的工作线程异常退出：{e}"),
        phrase!("please report it with what you did", "请附上操作步骤反馈这个问题"),
    )
}

pub(super) fn not_signalled(node: &str, e: &io::Error) -> Problem {
    Problem::new(
        "not-signalled",
        phrase!("the process of {node} takes no signal: {e}", "无法向 {node} 的进程发送信号：{e}"),
        phrase!(
            "run the workbook as the user who started the cluster",
            "请用启动集群的那个用户运行"
        ),
    )
}

pub(super) fn will_not_end(node: &str, pid: u32) -> Problem {
    Problem::new(
        "will-not-end",
        phrase!(
            "the process {pid} of {node} was killed and is still there",
            "{node} 的进程 {pid} 已被杀死，却仍然存在"
        ),
        phrase!(
            "it may hang in the kernel (a dead disk?): see ps -o stat,wchan {pid}",
            "它可能卡在内核里（磁盘故障？）：ps -o stat,wchan {pid}"
        ),
    )
}

pub(super) fn port_busy(address: &str) -> Problem {
    Problem::new(
        ports::BUSY,
        phrase!("another program holds {address}", "{address} 被其他程序占用"),
        phrase!(
            "see who it is: ss -ltnp; or choose other ports with KAFKA_WORKBOOK_PORT_BASE",
            "查看占用者：ss -ltnp；或用 KAFKA_WORKBOOK_PORT_BASE 换一段端口"
        ),
    )
}

pub(super) fn fixed_port_busy(node: &str, port: u16) -> Problem {
    Problem::new(
        ports::BUSY,
        phrase!(
            "another program holds port {port} on every address of this machine; the compose file gives {node} this port and no other",
            "{port} 端口在本机所有地址上都被其他程序占用；compose 文件只给了 {node} 这个端口"
        ),
        phrase!(
            "see who it is and stop it: ss -ltnp; or start with --engine containers, where it stays inside",
            "查看占用者并停掉它：ss -ltnp；或用 --engine containers，那里这个端口只在容器内部"
        ),
    )
}
