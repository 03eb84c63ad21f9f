//! The progress log: nothing acknowledged is lost, whatever is killed, full, damaged or newer.

#[cfg(test)]
mod child;
#[cfg(test)]
mod damage;
#[cfg(test)]
mod kill;
#[cfg(test)]
mod log;
#[cfg(test)]
mod look;
#[cfg(test)]
#[path = "../common/moment.rs"]
mod moment;
#[cfg(test)]
mod others;
#[cfg(test)]
mod property;
#[cfg(test)]
mod recording;
#[cfg(test)]
mod sharing;
#[cfg(test)]
mod standing;
#[cfg(test)]
mod state;
#[cfg(test)]
mod support;
#[cfg(test)]
mod trouble;
