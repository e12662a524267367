//! `youcheng policy`: who may do what, and by which rule, asked of the policies themselves.

use std::process::ExitCode;

use access::Gate;
use anyhow::Result;
use clap::Subcommand;

use crate::rooms;

#[derive(Subcommand)]
pub enum What {
    /// Which roles could do this, and the rules about it.
    Who {
        /// As in "call.publish"; `youcheng policy list` names all.
        action: String,
    },
    /// Every action and every rule.
    List,
    /// Read all policies strictly and name every fault.
    Check,
}

pub fn run(what: &What) -> Result<ExitCode> {
    let gate = match Gate::new(&rooms::policies()) {
        Ok(g) => g,
        Err(faults) => {
            println!("{faults}");
            return Ok(ExitCode::FAILURE);
        }
    };
    match what {
        What::Who { action } => who(&gate, action),
        What::List => {
            for (action, room) in gate.actions() {
                println!("{action}  ({room})  {}", roles(&gate, action));
            }
            println!();
            for rule in gate.rules() {
                show(&rule);
            }
            Ok(ExitCode::SUCCESS)
        }
        What::Check => {
            for action in gate.unclaimed() {
                println!("fault: a rule of the house names {action}, which no room declares");
            }
            println!("{} rules over {} actions", gate.rules().len(), gate.actions().count());
            Ok(if gate.unclaimed().is_empty() {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            })
        }
    }
}
fn roles(gate: &Gate, action: &str) -> String {
    let found = gate.who_could(action);
    if found.is_empty() {
        return "nobody".into();
    }
    found.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
fn show(rule: &access::RuleText) {
    let effect = if rule.permits { "permits" } else { "forbids" };
    println!("{} ({effect}; {})", rule.id, rule.source);
    println!("    {}", rule.en);
    println!("    {}", rule.zh);
}
fn who(gate: &Gate, action: &str) -> Result<ExitCode> {
    let Some(action) = gate.action(action) else {
        println!("no room declares the action \"{action}\"; `youcheng policy list` names all");
        return Ok(ExitCode::FAILURE);
    };
    println!("{action}: {}", roles(gate, action));
    for rule in gate.rules().iter().filter(|r| r.actions.iter().any(|a| a == action)) {
        show(rule);
    }
    Ok(ExitCode::SUCCESS)
}
