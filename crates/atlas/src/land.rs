use crate::frame::Frame;
use serde::Deserialize;
use std::{
    collections::HashMap,
    fmt::Write,
    sync::{Arc, Mutex, PoisonError},
};
use thiserror::Error;

/// Why a land file could not be used.
#[derive(Debug, Error)]
pub enum Fault {
    #[error("not TopoJSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("the TopoJSON has no object named land")]
    NoLand,
    #[error("a ring names arc {0}, which is not there")]
    NoArc(i64),
}

#[derive(Deserialize)]
struct Topology {
    arcs: Vec<Vec<(f64, f64)>>,
    transform: Option<Transform>,
    objects: HashMap<String, Geometry>,
}

#[derive(Deserialize)]
struct Transform {
    scale: (f64, f64),
    translate: (f64, f64),
}

#[derive(Deserialize)]
#[serde(tag = "type")]
enum Geometry {
    #[serde(rename = "GeometryCollection")]
    Collection {
        geometries: Vec<Geometry>,
    },
    Polygon {
        arcs: Vec<Vec<i64>>,
    },
    MultiPolygon {
        arcs: Vec<Vec<Vec<i64>>>,
    },
    #[serde(other)]
    Other,
}

type Ring = Vec<(f64, f64)>;

/// The land of the world, and every set of strokes drawn from it so far.
#[derive(Debug)]
pub struct Land {
    /// Polygons of rings of (longitude, latitude).
    polygons: Vec<Vec<Ring>>,
    drawn: Mutex<HashMap<[u64; 11], Arc<str>>>,
}

/// More frames than any node draws; beyond it the cache starts again rather than grow.
const KEPT: usize = 64;

impl Land {
    /// Reads the object `land` of a TopoJSON file, quantised or not. [`crate::LAND_110M`] is such a file.
    ///
    /// # Errors
    /// [`Fault`] when it is not TopoJSON or lacks the object or an arc.
    pub fn from_topojson(text: &str) -> Result<Land, Fault> {
        let topology: Topology = serde_json::from_str(text)?;
        let arcs: Vec<Ring> = topology
            .arcs
            .iter()
            .map(|a| unpack(a, topology.transform.as_ref()))
            .collect();
        let mut polygons = Vec::new();
        gather(topology.objects.get("land").ok_or(Fault::NoLand)?, &arcs, &mut polygons)?;
        Ok(Land {
            polygons,
            drawn: Mutex::default(),
        })
    }

    /// The strokes over a frame as path data, the parallels `step` picture units apart. Kept for the next time.
    pub(crate) fn strokes(&self, frame: &Frame, step: f64) -> Arc<str> {
        let key = frame.key(step);
        if let Some(path) = self.drawn.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return path.clone();
        }
        let path: Arc<str> = self.rows(frame, step).into();
        let mut drawn = self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        if drawn.len() >= KEPT {
            drawn.clear();
        }
        drawn.insert(key, path.clone());
        path
    }

    fn rows(&self, frame: &Frame, step: f64) -> String {
        let mut out = String::new();
        for (y, a, b) in self.stretches(frame, step) {
            let _ = write!(out, "M{a:.0} {y:.0}H{b:.0}");
        }
        out
    }

    /// Every stretch of land on the parallels: y, from x, to x.
    pub(crate) fn stretches(&self, frame: &Frame, step: f64) -> Vec<(f64, f64, f64)> {
        let mut out = Vec::new();
        for (y, lat) in frame.rows(step) {
            let mut row: Vec<(f64, f64)> = Vec::new();
            for polygon in &self.polygons {
                // Where the parallel enters and leaves land: the edges it crosses, in pairs from west to east.
                let mut crossings: Vec<f64> = polygon
                    .iter()
                    .flat_map(|ring| ring.windows(2))
                    .filter(|e| (e[0].1 > lat) != (e[1].1 > lat))
                    .map(|e| e[0].0 + (lat - e[0].1) * (e[1].0 - e[0].0) / (e[1].1 - e[0].1))
                    .collect();
                crossings.sort_by(f64::total_cmp);
                row.extend(crossings.chunks_exact(2).flat_map(|p| frame.spans(lat, p[0], p[1])));
            }
            row.sort_by(|a, b| a.0.total_cmp(&b.0));
            let first = out.len();
            for (a, b) in row {
                match out.get_mut(first..).and_then(<[_]>::last_mut) {
                    // Land that the source splits in two belongs together.
                    Some((_, _, end)) if a - *end < 1.0 => *end = b.max(*end),
                    _ => out.push((y, a, b)),
                }
            }
        }
        out
    }
}

/// TopoJSON section 2.1.3: with a transform, positions are whole numbers counted from the one before.
fn unpack(arc: &[(f64, f64)], transform: Option<&Transform>) -> Ring {
    let Some(t) = transform else { return arc.to_vec() };
    let (mut x, mut y) = (0.0, 0.0);
    arc.iter()
        .map(|(dx, dy)| {
            (x, y) = (x + dx, y + dy);
            (x * t.scale.0 + t.translate.0, y * t.scale.1 + t.translate.1)
        })
        .collect()
}

fn gather(g: &Geometry, arcs: &[Ring], out: &mut Vec<Vec<Ring>>) -> Result<(), Fault> {
    match g {
        Geometry::Collection { geometries } => geometries.iter().try_for_each(|g| gather(g, arcs, out)),
        Geometry::Polygon { arcs: rings } => {
            out.push(rings.iter().map(|r| ring(r, arcs)).collect::<Result<_, _>>()?);
            Ok(())
        }
        Geometry::MultiPolygon { arcs: polygons } => polygons.iter().try_for_each(|p| {
            out.push(p.iter().map(|r| ring(r, arcs)).collect::<Result<_, _>>()?);
            Ok(())
        }),
        Geometry::Other => Ok(()),
    }
}

/// TopoJSON section 2.1.4: a negative number is the arc `!i` backwards, and arcs share their end points.
fn ring(indexes: &[i64], arcs: &[Ring]) -> Result<Ring, Fault> {
    let mut out = Ring::new();
    for &i in indexes {
        let arc = usize::try_from(if i < 0 { !i } else { i })
            .ok()
            .and_then(|n| arcs.get(n))
            .ok_or(Fault::NoArc(i))?;
        let skip = usize::from(!out.is_empty());
        if i < 0 {
            out.extend(arc.iter().rev().skip(skip))
        } else {
            out.extend(arc.iter().skip(skip))
        }
    }
    // Land on the date line jumps from 180 to -180 degrees; made continuous, its edges run the short way.
    let mut before = None;
    for p in &mut out {
        if let Some(b) = before {
            let turns: f64 = (b - p.0) / 360.0;
            p.0 += turns.round() * 360.0;
        }
        before = Some(p.0);
    }
    Ok(out)
}
