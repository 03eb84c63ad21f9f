//! What a [`Fault`] says.

use super::{Fault, quoted};
use crate::phrase;
use crate::phrase::Phrase;

impl Fault {
    /// A stable name for other programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "compose-too-long",
            Self::Syntax { .. } => "compose-syntax",
            Self::TooDeep { .. } => "compose-too-deep",
            Self::TooManyValues { .. } => "compose-too-many-values",
            Self::SecondDocument => "compose-second-document",
            Self::KeyIsNotText => "compose-key-not-text",
            Self::DuplicateKey { .. } => "compose-duplicate-key",
            Self::Tag { .. } => "compose-tag",
            Self::AliasOfItself => "compose-alias-of-itself",
            Self::NotSupported { .. } => "compose-not-supported",
            Self::Missing { .. } => "compose-missing-key",
            Self::Malformed { .. } => "compose-malformed-value",
            Self::Undeclared { .. } => "compose-undeclared-name",
            Self::UnreadableFile { .. } => "compose-unreadable-file",
            Self::Circle { .. } => "compose-dependency-circle",
            Self::VariableUnset { .. } => "compose-variable-unset",
            Self::VariableRequired { .. } => "compose-variable-required",
            Self::VariableSyntax { .. } => "compose-variable-syntax",
            Self::VariableTooDeep { .. } => "compose-variable-too-deep",
            Self::ValueTooLong { .. } => "compose-value-too-long",
            Self::ControllerAdvertises => "kafka-controller-advertises",
            Self::EnvironmentIncomplete { .. } => "kafka-environment-incomplete",
            Self::PropertyTwice { .. } => "kafka-property-twice",
            Self::NamelessProperty => "kafka-property-nameless",
            Self::NotAProperty { .. } => "kafka-property-malformed",
        }
    }

    /// What was expected and what was found, without the place.
    pub fn message(&self) -> Phrase {
        match self {
            Self::TooLong { bytes } => phrase!(
                "the file has {bytes} bytes; at most {} are read",
                "文件有 {bytes} 字节，最多读取 {} 字节",
                crate::engine::compose::MAX_FILE_BYTES
            ),
            Self::Syntax { detail } => {
                phrase!("not valid YAML: {detail}", "不是合法的 YAML：{detail}")
            }
            Self::TooDeep { limit } => phrase!(
                "lists and mappings are nested more than {limit} deep",
                "列表和映射嵌套超过 {limit} 层"
            ),
            Self::TooManyValues { limit } => phrase!(
                "more than {limit} values, counting what aliases repeat",
                "值超过 {limit} 个（别名展开的也算）"
            ),
            Self::SecondDocument => {
                phrase!("a second YAML document begins here", "这里开始了第二个 YAML 文档")
            }
            Self::KeyIsNotText => phrase!("a key has to be a text", "键必须是文本"),
            Self::DuplicateKey { key, first } => {
                let key = quoted(key);
                phrase!("{key} is already set at {first}", "{key} 已在 {first} 设置过")
            }
            Self::Tag { tag } => {
                let tag = quoted(tag);
                phrase!("the tag {tag} is not supported here", "这里不支持标签 {tag}")
            }
            Self::AliasOfItself => {
                phrase!("the alias stands inside its own anchor", "别名写在它自己的锚点里面")
            }
            Self::NotSupported { .. } | Self::Missing { .. } | Self::Malformed { .. } => {
                self.shape_message()
            }
            Self::Undeclared { .. } | Self::UnreadableFile { .. } | Self::Circle { .. } => {
                self.reference_message()
            }
            Self::VariableUnset { .. }
            | Self::VariableRequired { .. }
            | Self::VariableSyntax { .. }
            | Self::VariableTooDeep { .. }
            | Self::ValueTooLong { .. } => self.variable_message(),
            _ => self.kafka_message(),
        }
    }

    fn shape_message(&self) -> Phrase {
        match self {
            Self::NotSupported { key, supported } => {
                let (key, supported) = (quoted(key), supported.join(", "));
                phrase!(
                    "{key} is not supported here; supported: {supported}",
                    "这里不支持 {key}；支持的有：{supported}"
                )
            }
            Self::Missing { key } => phrase!("`{key}` is missing", "缺少 `{key}`"),
            Self::Malformed { expected, found } => Phrase::new(
                format!("expected {}, found {}", expected.en, found.en),
                format!("应为{}，实际是 {}", expected.zh, found.zh),
            ),
            _ => Phrase::same(self.code()),
        }
    }

    fn reference_message(&self) -> Phrase {
        match self {
            Self::Undeclared { section, name } => {
                let name = quoted(name);
                phrase!("{name} is not declared under `{section}`", "`{section}` 下没有声明 {name}")
            }
            Self::UnreadableFile { path, cause } => {
                let path = quoted(path);
                phrase!("{path} cannot be read: {cause}", "无法读取 {path}：{cause}")
            }
            Self::Circle { services } => {
                let circle = services.join(" → ");
                phrase!(
                    "these services wait for each other: {circle}",
                    "这些服务互相等待：{circle}"
                )
            }
            _ => Phrase::same(self.code()),
        }
    }

    fn variable_message(&self) -> Phrase {
        match self {
            Self::VariableUnset { name } => phrase!(
                "the variable {name} is not set and has no default",
                "变量 {name} 没有设置，也没有默认值"
            ),
            Self::VariableRequired { name, message } if message.is_empty() => {
                phrase!("the variable {name} has to be set", "必须设置变量 {name}")
            }
            Self::VariableRequired { name, message } => {
                let message = quoted(message);
                phrase!(
                    "the variable {name} has to be set: {message}",
                    "必须设置变量 {name}：{message}"
                )
            }
            Self::VariableSyntax { found } => {
                let found = quoted(found);
                phrase!("{found} is not a variable", "{found} 不是变量")
            }
            Self::VariableTooDeep { limit } => {
                phrase!("variables are nested more than {limit} deep", "变量嵌套超过 {limit} 层")
            }
            Self::ValueTooLong { limit } => phrase!(
                "the value is longer than {limit} bytes once its variables are resolved",
                "变量替换后，值超过 {limit} 字节"
            ),
            _ => Phrase::same(self.code()),
        }
    }

    fn kafka_message(&self) -> Phrase {
        match self {
            Self::ControllerAdvertises => phrase!(
                "KAFKA_ADVERTISED_LISTENERS is set, but the node's only role is controller",
                "节点只有 controller 角色，却设置了 KAFKA_ADVERTISED_LISTENERS"
            ),
            Self::EnvironmentIncomplete { name, because } => {
                let because = quoted(because);
                phrase!(
                    "{because} needs {name}, which is not set",
                    "{because} 需要 {name}，但没有设置"
                )
            }
            Self::PropertyTwice { property, variables: [first, second] } => {
                let property = quoted(property);
                phrase!(
                    "{first} and {second} both set {property}; which one wins is not defined",
                    "{first} 和 {second} 都设置了 {property}，哪个生效没有定义"
                )
            }
            Self::NamelessProperty => {
                phrase!("`KAFKA_` names no property", "`KAFKA_` 后面没有属性名")
            }
            Self::NotAProperty { name, reason } => Phrase::new(
                format!("the value of {name} {}", reason.en),
                format!("{name} 的值{}", reason.zh),
            ),
            _ => Phrase::same(self.code()),
        }
    }

    /// What to do next.
    pub fn hint(&self) -> Phrase {
        match self {
            Self::TooLong { .. } | Self::TooManyValues { .. } | Self::TooDeep { .. } => {
                phrase!("split or shorten the file", "把文件拆小或改短")
            }
            Self::Syntax { .. } => phrase!(
                "look at this line and the one before: indentation, a missing colon, an open quote",
                "看这一行和上一行：缩进、漏掉的冒号、没闭合的引号"
            ),
            Self::SecondDocument => {
                phrase!(
                    "one file is one environment: remove `---`",
                    "一个文件是一个环境：删掉 `---`"
                )
            }
            Self::KeyIsNotText => phrase!("write `name: value`", "写成 `名称: 值`"),
            Self::DuplicateKey { .. } => phrase!("keep one of them", "只留一个"),
            Self::Tag { .. } => phrase!("remove the tag", "删掉标签"),
            Self::AliasOfItself => {
                phrase!("write the value out instead of the alias", "不用别名，直接写出值")
            }
            Self::NotSupported { .. } => phrase!(
                "remove it; a file that needs it runs with `docker compose`, outside the workbook",
                "删掉它；确实需要的话，在 workbook 之外用 `docker compose` 运行这个文件"
            ),
            Self::Missing { key } => phrase!("add `{key}:`", "加上 `{key}:`"),
            Self::Malformed { .. } => phrase!("correct the value", "改正这个值"),
            Self::Undeclared { section, .. } => phrase!(
                "declare it under `{section}:`, or correct the name",
                "在 `{section}:` 下声明它，或改正名称"
            ),
            Self::UnreadableFile { .. } => phrase!(
                "put the file there, or correct the path; it begins in the folder of the compose file",
                "把文件放到那里，或改正路径；路径从 compose 文件所在的目录算起"
            ),
            Self::Circle { .. } => phrase!("remove one of the dependencies", "去掉其中一个依赖"),
            Self::VariableUnset { name } => phrase!(
                "write ${{{name}:-value}} to give a default",
                "写成 ${{{name}:-值}}，给出默认值"
            ),
            Self::VariableRequired { name, .. } => phrase!("set {name}", "设置 {name}"),
            Self::VariableSyntax { .. } => phrase!(
                "write ${{NAME}} for a variable, $$ for a dollar sign",
                "变量写成 ${{NAME}}，美元符号写成 $$"
            ),
            Self::VariableTooDeep { .. } | Self::ValueTooLong { .. } => {
                phrase!("write the value out", "直接写出值")
            }
            _ => self.kafka_hint(),
        }
    }

    fn kafka_hint(&self) -> Phrase {
        match self {
            Self::ControllerAdvertises => phrase!(
                "remove it: the image refuses to start, controllers are found through \
                 KAFKA_CONTROLLER_QUORUM_VOTERS",
                "删掉它：镜像会拒绝启动，controller 的地址来自 KAFKA_CONTROLLER_QUORUM_VOTERS"
            ),
            Self::EnvironmentIncomplete { name, .. } => phrase!(
                "set {name} under `environment:`; the image's start script demands it",
                "在 `environment:` 下设置 {name}，镜像的启动脚本要求它"
            ),
            Self::PropertyTwice { .. } => phrase!("keep one of them", "只留一个"),
            Self::NamelessProperty => phrase!(
                "write KAFKA_ and the property in capitals, with _ for each dot",
                "写 KAFKA_ 加大写的属性名，点换成 _"
            ),
            _ => phrase!(
                "the image copies the value into server.properties as it stands: write \\\\ for a \
                 backslash",
                "镜像把值原样写进 server.properties：反斜杠要写成 \\\\"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::compose::Position;

    fn one_of_each() -> Vec<Fault> {
        let text = || "t".to_owned();
        let phrase = || Phrase::same("p");
        vec![
            Fault::TooLong { bytes: 1 },
            Fault::Syntax { detail: text() },
            Fault::TooDeep { limit: 1 },
            Fault::TooManyValues { limit: 1 },
            Fault::SecondDocument,
            Fault::KeyIsNotText,
            Fault::DuplicateKey { key: text(), first: Position::START },
            Fault::Tag { tag: text() },
            Fault::AliasOfItself,
            Fault::NotSupported { key: text(), supported: &["a"] },
            Fault::Missing { key: "k" },
            Fault::Malformed { expected: phrase(), found: phrase() },
            Fault::Undeclared { section: "volumes", name: text() },
            Fault::UnreadableFile { path: text(), cause: text() },
            Fault::Circle { services: vec![text()] },
            Fault::VariableUnset { name: text() },
            Fault::VariableRequired { name: text(), message: text() },
            Fault::VariableSyntax { found: text() },
            Fault::VariableTooDeep { limit: 1 },
            Fault::ValueTooLong { limit: 1 },
            Fault::ControllerAdvertises,
            Fault::EnvironmentIncomplete { name: "N", because: text() },
            Fault::PropertyTwice { property: text(), variables: [text(), text()] },
            Fault::NamelessProperty,
            Fault::NotAProperty { name: text(), reason: phrase() },
        ]
    }

    /// The texts are spread over several functions; none may fall through to its bare code.
    #[test]
    fn every_fault_has_a_code_of_its_own_and_texts_in_both_languages() {
        let mut codes = std::collections::BTreeSet::new();
        for fault in one_of_each() {
            let (message, hint) = (fault.message(), fault.hint());
            assert!(codes.insert(fault.code()), "{fault:?}");
            assert_ne!(message.en, fault.code());
            assert_ne!(message.en, message.zh);
            assert_ne!(hint.en, hint.zh);
        }
    }
}
