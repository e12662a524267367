//! Who plays in the demonstration. Every person is invented and marked so; institutions with real names act here in an
//! invented way, so what they do is marked too.

use access::{Asking, BodyCard, BodyKind, House, HouseGrant, MadeAccount, Role};
use anyhow::{Context, Result};
use basis::{AccountId, BodyId, Field, GovernmentId, Locale, MandateId, Text};
use store::Via;

/// One player: a key, names, and what they may be.
pub struct Player {
    pub key: &'static str,
    pub name: &'static str,
    pub locale: Locale,
    pub zone: &'static str,
    /// The body acted for, by key, and as what.
    pub acts: Option<(&'static str, Role, &'static str)>,
}
const HOME: &str = "Asia/Shanghai";

pub const PLAYERS: &[Player] = &[
    Player {
        key: "office-lead",
        name: "林岚 Lin Lan",
        locale: Locale::Zh,
        zone: HOME,
        acts: Some(("office", Role::OfficeLead, "渝外办（示例）2026-001")),
    },
    Player {
        key: "department-officer",
        name: "周敏 Zhou Min",
        locale: Locale::Zh,
        zone: HOME,
        acts: Some(("culture", Role::DepartmentOfficer, "渝文旅（示例）2026-014")),
    },
    Player {
        key: "department-officer-environment",
        name: "吴越 Wu Yue",
        locale: Locale::Zh,
        zone: HOME,
        acts: Some(("environment", Role::DepartmentOfficer, "渝环（示例）2026-031")),
    },
    Player {
        key: "department-officer-health",
        name: "唐宁 Tang Ning",
        locale: Locale::Zh,
        zone: HOME,
        acts: Some(("health", Role::DepartmentOfficer, "渝卫（示例）2026-009")),
    },
    Player {
        key: "district-officer",
        name: "石磊 Shi Lei",
        locale: Locale::Zh,
        zone: HOME,
        acts: Some(("wulong", Role::DistrictOfficer, "武隆府（示例）2026-022")),
    },
    Player {
        key: "panel-lead",
        name: "陈怀远 Chen Huaiyuan",
        locale: Locale::Zh,
        zone: HOME,
        acts: Some(("panel", Role::PanelLead, "评审（示例）2026-003")),
    },
    Player {
        key: "panel-member",
        name: "Anna Keller",
        locale: Locale::En,
        zone: "Europe/Berlin",
        acts: Some(("panel", Role::PanelMember, "评审（示例）2026-004")),
    },
    Player {
        key: "panel-member-2",
        name: "罗晓 Luo Xiao",
        locale: Locale::Zh,
        zone: HOME,
        acts: Some(("panel", Role::PanelMember, "评审（示例）2026-005")),
    },
    Player {
        key: "finance",
        name: "何静 He Jing",
        locale: Locale::Zh,
        zone: HOME,
        acts: Some(("finance", Role::Finance, "财（示例）2026-002")),
    },
    Player {
        key: "finance-2",
        name: "余波 Yu Bo",
        locale: Locale::Zh,
        zone: HOME,
        acts: Some(("finance", Role::Finance, "财（示例）2026-006")),
    },
    Player {
        key: "auditor",
        name: "郑直 Zheng Zhi",
        locale: Locale::Zh,
        zone: HOME,
        acts: Some(("audit", Role::Auditor, "审（示例）2026-001")),
    },
    Player {
        key: "partner-city-officer",
        name: "Katrin Vogel",
        locale: Locale::En,
        zone: "Europe/Berlin",
        acts: Some(("duesseldorf", Role::PartnerOfficer, "Vollmacht 01/2026 (Beispiel)")),
    },
    // Organisations' delegates come in as individuals first; their mandates follow from the office's verification.
    Player {
        key: "organisation-delegate",
        name: "叶青 Ye Qing",
        locale: Locale::Zh,
        zone: HOME,
        acts: None,
    },
    Player {
        key: "library-delegate",
        name: "杜若 Du Ruo",
        locale: Locale::Zh,
        zone: HOME,
        acts: None,
    },
    Player {
        key: "partner-delegate",
        name: "Jonas Weber",
        locale: Locale::En,
        zone: "Europe/Berlin",
        acts: None,
    },
    Player {
        key: "individual",
        name: "江一帆 Jiang Yifan",
        locale: Locale::Zh,
        zone: HOME,
        acts: None,
    },
    Player {
        key: "evaluator",
        name: "Prof. 沈括之 Shen Kuozhi",
        locale: Locale::Zh,
        zone: HOME,
        acts: None,
    },
];
/// The roles whose sign-in links are printed, in this order.
pub const SHOWN: &[&str] = &[
    "office-lead",
    "department-officer",
    "district-officer",
    "panel-lead",
    "panel-member",
    "finance",
    "auditor",
    "organisation-delegate",
    "individual",
    "partner-city-officer",
    "evaluator",
    "department-officer-environment",
    "department-officer-health",
    "panel-member-2",
    "finance-2",
    "library-delegate",
    "partner-delegate",
];

pub fn account(key: &str) -> AccountId {
    AccountId::named(&format!("demo-account:{key}"))
}
pub fn body(key: &str) -> BodyId {
    BodyId::named(&format!("demo-body:{key}"))
}

/// Founds the offices and departments and lets people act for them.
///
/// # Errors
/// When the floor refuses; it should not.
pub async fn gather(house: &House, wulong: GovernmentId, duesseldorf: GovernmentId) -> Result<()> {
    let by_house = store::Act::house(Via::Seed);
    let found = |key: &str, kind: BodyKind, zh: &str, en: &str| BodyCard {
        id: body(key),
        kind,
        name: Text::both(zh, en),
        field: None,
        district: None,
        government: None,
        home: true,
        illustrative: true,
        ended_at: None,
    };
    let department = |key: &str, field: Field, zh: &str, en: &str| BodyCard {
        field: Some(field),
        ..found(key, BodyKind::Department, zh, en)
    };
    let bodies = [
        found("office", BodyKind::Office, "市外事办公室", "Foreign Affairs Office"),
        department("education", Field::Education, "市教育主管部门", "Education department"),
        department("health", Field::Health, "市卫生主管部门", "Health department"),
        department("culture", Field::Culture, "市文化主管部门", "Culture department"),
        department("sport", Field::Sport, "市体育主管部门", "Sport department"),
        department("economy", Field::Economy, "市商务主管部门", "Economy department"),
        department("science", Field::Science, "市科技主管部门", "Science department"),
        department(
            "environment",
            Field::Environment,
            "市生态环境主管部门",
            "Environment department",
        ),
        department("emergency", Field::Emergency, "市应急主管部门", "Emergency department"),
        BodyCard {
            district: Some(wulong),
            ..found(
                "wulong",
                BodyKind::DistrictUnit,
                "武隆区外事工作组",
                "Wulong District foreign affairs unit",
            )
        },
        found("panel", BodyKind::Panel, "外部评审专家组", "Outside review panel"),
        found("finance", BodyKind::FinanceUnit, "财务科", "Finance unit"),
        found("audit", BodyKind::AuditUnit, "审计处", "Audit unit"),
        BodyCard {
            government: Some(duesseldorf),
            home: false,
            ..found(
                "duesseldorf",
                BodyKind::PartnerOffice,
                "杜塞尔多夫市国际事务处",
                "Office for International Affairs, Düsseldorf",
            )
        },
    ];
    let tx = house.db.begin(&by_house).await?;
    for b in &bodies {
        access::found_body(&tx, b).await?;
    }
    for p in PLAYERS {
        let made = MadeAccount {
            id: account(p.key),
            name: p.name.into(),
            email: Some(format!("{}@example.org", p.key)),
            locale: p.locale,
            zone: p.zone.into(),
            illustrative: true,
        };
        access::make_account(&tx, &made)
            .await
            .with_context(|| p.key.to_owned())?;
        if let Some((of, role, letter)) = p.acts {
            let grant = HouseGrant {
                account: account(p.key),
                body: body(of),
                role,
                purpose: "演示 / demonstration".into(),
                letter: letter.into(),
                until: Some(super::at("2027-12-31T15:59:59Z")?),
            };
            access::grant_by_house(&tx, &grant)
                .await
                .with_context(|| p.key.to_owned())?;
        }
    }
    tx.done(()).await?;
    Ok(())
}

/// A player asks for something, acting under their only mandate, or for themselves.
///
/// # Errors
/// When the account is not there.
pub async fn asks(house: &House, key: &str) -> Result<Asking> {
    Ok(Asking::new(
        access::viewer_of(&house.db, account(key), None::<MandateId>, Via::Seed)
            .await
            .with_context(|| key.to_owned())?,
    ))
}

/// The office lead names the competent department of each field (R62).
///
/// # Errors
/// When the office is refused; it should not be.
pub async fn name_departments(house: &House) -> Result<()> {
    use basis::Code;
    let lead = asks(house, "office-lead").await?;
    for field in Field::ALL {
        let input = parties::doing::set_department::Input {
            field: field.code().into(),
            body: body(field.code()).to_string(),
        };
        parties::doing::set_department(house, &lead, &input)
            .await
            .with_context(|| format!("the department of {field}"))?;
    }
    Ok(())
}
