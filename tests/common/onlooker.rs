//! An onlooker of a cluster that passes on what it is told.

use std::sync::atomic::{AtomicBool, Ordering};

use kafka_workbook::lab::overview::{Onlooker, Overview};

/// What is done with each overview.
type Tell = Box<dyn Fn(Option<Overview>) + Send + Sync>;

/// Hands on each overview until it is called off.
pub struct PassOn {
    tell: Tell,
    called_off: AtomicBool,
}

impl PassOn {
    pub fn to(tell: impl Fn(Option<Overview>) + Send + Sync + 'static) -> Self {
        Self { tell: Box::new(tell), called_off: AtomicBool::new(false) }
    }

    pub fn call_off(&self) {
        self.called_off.store(true, Ordering::Relaxed);
    }
}

impl Onlooker for PassOn {
    fn overview(&self, overview: Option<&Overview>) {
        (self.tell)(overview.cloned());
    }

    fn called_off(&self) -> bool {
        self.called_off.load(Ordering::Relaxed)
    }
}
