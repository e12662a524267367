//! Where a place on the globe lies on the picture: Equal Earth (Šavrič, Patterson, Jenny 2018) on the sphere.

/// A box in picture units, y downwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    pub x0: f64,
    pub y0: f64,
    pub x1: f64,
    pub y1: f64,
}

impl Rect {
    pub fn meets(&self, o: &Rect) -> bool {
        self.x0 < o.x1 && o.x0 < self.x1 && self.y0 < o.y1 && o.y0 < self.y1
    }

    pub fn holds(&self, o: &Rect) -> bool {
        self.x0 <= o.x0 && self.y0 <= o.y0 && self.x1 >= o.x1 && self.y1 >= o.y1
    }

    pub fn has(&self, x: f64, y: f64) -> bool {
        x >= self.x0 && x <= self.x1 && y >= self.y0 && y <= self.y1
    }

    pub fn grown(&self, by: f64) -> Rect {
        Rect {
            x0: self.x0 - by,
            y0: self.y0 - by,
            x1: self.x1 + by,
            y1: self.y1 + by,
        }
    }

    pub fn around(x: f64, y: f64, r: f64) -> Rect {
        Rect {
            x0: x - r,
            y0: y - r,
            x1: x + r,
            y1: y + r,
        }
    }

    pub fn width(&self) -> f64 {
        self.x1 - self.x0
    }

    pub fn height(&self) -> f64 {
        self.y1 - self.y0
    }
}

/// A part of the world, in degrees; `west` may be larger than `east` across the date line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Region {
    pub south: f64,
    pub north: f64,
    pub west: f64,
    pub east: f64,
}

impl Region {
    /// From the Atlantic to the Urals, from Crete to Trondheim.
    pub const EUROPE: Region = Region {
        south: 33.0,
        north: 66.5,
        west: -13.0,
        east: 60.0,
    };

    /// Whether a place lies in it.
    pub fn holds(&self, lat: f64, lon: f64) -> bool {
        let across = (self.east - self.west).rem_euclid(360.0);
        lat >= self.south && lat <= self.north && (lon - self.west).rem_euclid(360.0) <= across
    }
}

const A: [f64; 4] = [1.340264, -0.081106, 0.000893, 0.003796];
/// The land worth drawing ends here: no partner lies beyond, and the room is better used for the names.
const TOP: f64 = 79.0;
const LOW: f64 = -54.0;

/// Equal Earth of a latitude and a longitude from the central meridian, in degrees; the result in radii.
fn raw(lat: f64, lam: f64) -> (f64, f64) {
    let t = (3f64.sqrt() / 2.0 * lat.to_radians().sin()).asin();
    let y = A[3] * t.powi(9) + A[2] * t.powi(7) + A[1] * t.powi(3) + A[0] * t;
    let d = 9.0 * A[3] * t.powi(8) + 7.0 * A[2] * t.powi(6) + 3.0 * A[1] * t * t + A[0];
    (2.0 * 3f64.sqrt() * lam.to_radians() * t.cos() / (3.0 * d), y)
}

/// The world, or a window on it, on a picture. A window is the world magnified: out = world * zoom + shift.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    world_width: f64,
    cut: f64,
    scale: f64,
    y_top: f64,
    zoom: f64,
    dx: f64,
    dy: f64,
    /// What may be drawn on.
    pub clip: Rect,
}

impl Frame {
    pub fn world(width: f64, cut: f64) -> Self {
        let scale = width / (2.0 * raw(0.0, 180.0).0);
        let y_top = raw(TOP, 0.0).1;
        let height = ((y_top - raw(LOW, 0.0).1) * scale).round();
        let clip = Rect {
            x0: 0.0,
            y0: 0.0,
            x1: width,
            y1: height,
        };
        let cut = (cut + 180.0).rem_euclid(360.0) - 180.0;
        Frame {
            world_width: width,
            cut,
            scale,
            y_top,
            zoom: 1.0,
            dx: 0.0,
            dy: 0.0,
            clip,
        }
    }

    /// The box around a region on this frame.
    pub fn rect_of(&self, r: &Region) -> Rect {
        let mut out = Rect {
            x0: f64::MAX,
            y0: f64::MAX,
            x1: f64::MIN,
            y1: f64::MIN,
        };
        // Meridians are curved, so corners are not enough when a region lies on both sides of the equator.
        for lat in [r.south, r.north, (0f64).clamp(r.south, r.north)] {
            for lon in [r.west, r.east] {
                let (x, y) = self.place(lat, lon);
                out = Rect {
                    x0: out.x0.min(x),
                    y0: out.y0.min(y),
                    x1: out.x1.max(x),
                    y1: out.y1.max(y),
                };
            }
        }
        out
    }

    /// This frame magnified so that `from` fills `into`, which must have the same shape.
    pub fn window(&self, from: &Rect, into: Rect) -> Frame {
        let zoom = into.width() / from.width();
        Frame {
            zoom: self.zoom * zoom,
            dx: (self.dx - from.x0) * zoom + into.x0,
            dy: (self.dy - from.y0) * zoom + into.y0,
            clip: into,
            ..*self
        }
    }

    /// A point of the world picture on this frame.
    pub fn bring(&self, (x, y): (f64, f64)) -> (f64, f64) {
        (x * self.zoom + self.dx, y * self.zoom + self.dy)
    }

    pub fn place(&self, lat: f64, lon: f64) -> (f64, f64) {
        let lam = (lon - self.cut).rem_euclid(360.0) - 180.0;
        let (x, y) = raw(lat, lam);
        self.bring((self.world_width / 2.0 + x * self.scale, (self.y_top - y) * self.scale))
    }

    fn lat_at(&self, y: f64) -> f64 {
        let want = self.y_top - (y - self.dy) / self.zoom / self.scale;
        let (mut lo, mut hi) = (-89.0, 89.0);
        for _ in 0..40 {
            let mid = (lo + hi) / 2.0;
            if raw(mid, 0.0).1 < want { lo = mid } else { hi = mid }
        }
        lo
    }

    /// The rows to draw, `step` apart: their y and their latitude.
    pub fn rows(&self, step: f64) -> impl Iterator<Item = (f64, f64)> + '_ {
        let n = (self.clip.height() / step).ceil() as u32;
        (1..n)
            .map(move |i| self.clip.y0 + f64::from(i) * step)
            .map(|y| (y, self.lat_at(y)))
    }

    /// The part of a stretch of land on one parallel that lies within the clip, on both sides of the cut.
    pub fn spans(&self, lat: f64, west: f64, east: f64) -> Vec<(f64, f64)> {
        // Land is continuous across the date line, so it may lie a turn east or west of where the cut is named.
        let cut = self.cut + ((west - self.cut) / 360.0).ceil() * 360.0;
        let parts = if west < cut && cut < east {
            vec![(west, cut - 1e-6), (cut, east)]
        } else {
            vec![(west, east)]
        };
        let x = |lon| self.place(lat, lon).0;
        parts
            .into_iter()
            .map(|(a, b)| {
                // A stretch that begins or ends exactly at the cut must not wrap round the world.
                let (a, b) = (x(a + 1e-9), x(b - 1e-9));
                (a.max(self.clip.x0), b.min(self.clip.x1))
            })
            .filter(|(a, b)| b - a > 1.0)
            .collect()
    }

    pub fn key(&self, step: f64) -> [u64; 11] {
        let c = self.clip;
        let all = [
            self.world_width,
            self.cut,
            self.zoom,
            self.dx,
            self.dy,
            c.x0,
            c.y0,
            c.x1,
            c.y1,
            step,
            self.scale,
        ];
        all.map(f64::to_bits)
    }
}
