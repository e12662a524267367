//! Youcheng.
