//! What is known about each base: the images that a build begins with, and what they bring.
//!
//! Tags are whole and name the release of the operating system, the same in both stages: what is compiled against one
//! C library must find it again (`docker-library/official-images`; uv, "Docker"; GoogleContainerTools/distroless).

use super::{Base, Recipe};
use crate::app::defaults;

/// The images of a build, as `FROM` names them but for their digests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Images {
    /// Brings uv, where the builder has it not.
    pub uv: Option<String>,
    pub builder: String,
    pub runtime: String,
}

/// The program that installs packages of the operating system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Installer {
    Apt,
    Apk,
}

impl Recipe {
    pub fn images(&self) -> Images {
        let Recipe { python, uv, .. } = self;
        let (debian, alpine) = (defaults::DEBIAN, defaults::ALPINE);
        let own_uv = Some(format!("ghcr.io/astral-sh/uv:{uv}"));
        let both = |image: String| Images { uv: own_uv.clone(), builder: image.clone(), runtime: image };
        match self.base {
            Base::Slim => both(format!("python:{python}-slim-{debian}")),
            Base::Alpine => both(format!("python:{python}-alpine{alpine}")),
            Base::Uv => Images {
                uv: None,
                builder: format!("ghcr.io/astral-sh/uv:{uv}-python{}-{debian}-slim", self.minor()),
                runtime: format!("python:{python}-slim-{debian}"),
            },
            Base::Chainguard => Images {
                uv: own_uv,
                builder: "cgr.dev/chainguard/python:latest-dev".into(),
                runtime: "cgr.dev/chainguard/python:latest".into(),
            },
            // Its Python is Debian's own, so the builder has that too, at the same path.
            Base::Distroless => Images {
                uv: own_uv,
                builder: format!("debian:{debian}-slim"),
                runtime: format!("gcr.io/distroless/python3-debian{}:nonroot", defaults::DEBIAN_NUMBER),
            },
        }
    }

    /// The images that the build begins with, each once.
    pub fn all_images(&self) -> Vec<String> {
        let Images { uv, builder, runtime } = self.images();
        let mut all: Vec<String> = uv.into_iter().chain([builder]).collect();
        all.extend((!all.contains(&runtime)).then_some(runtime));
        all
    }

    /// An image with its digest, if the profile has one.
    pub fn pinned(&self, image: &str) -> String {
        self.digests.get(image).map_or_else(|| image.to_owned(), |digest| format!("{image}@{digest}"))
    }

    /// `3.13`, of any version of it.
    pub fn minor(&self) -> String {
        self.python.split('.').take(2).collect::<Vec<_>>().join(".")
    }

    pub fn installer(&self) -> Installer {
        match self.base {
            Base::Alpine | Base::Chainguard => Installer::Apk,
            Base::Slim | Base::Uv | Base::Distroless => Installer::Apt,
        }
    }

    /// Whether the image that runs has a shell, and with it everything that a `RUN` needs.
    pub fn has_shell(&self) -> bool {
        matches!(self.base, Base::Slim | Base::Alpine | Base::Uv)
    }

    /// The interpreter that both stages have, where uv would not find it by itself.
    pub fn interpreter(&self) -> Option<String> {
        match self.base {
            Base::Slim | Base::Alpine | Base::Uv => None,
            Base::Chainguard => Some("/usr/bin/python".into()),
            Base::Distroless => Some(format!("/usr/bin/python{}", self.minor())),
        }
    }

    /// Packages without which the builder could not build.
    pub fn own_packages(&self) -> &'static [&'static str] {
        match self.base {
            Base::Slim | Base::Alpine | Base::Uv | Base::Chainguard => &[],
            Base::Distroless => &["python3"],
        }
    }

    /// Whether the builder is root by itself.
    pub fn builds_as_root(&self) -> bool {
        self.base != Base::Chainguard
    }
}
