import os
import re

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.files import copy, load
from conan.tools.layout import basic_layout

ROOT = os.path.join(os.pardir, os.pardir)


class AeConan(ConanFile):
    name = "ae"
    description = "Autoencoders for C++20, header-only"
    license = "MIT"
    topics = ("autoencoder", "neural-network", "machine-learning", "header-only")
    package_type = "header-library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"with_files": [True, False], "with_openmp": [True, False]}
    default_options = {"with_files": True, "with_openmp": False}
    no_copy_source = True

    def set_version(self):
        lists = load(self, os.path.join(self.recipe_folder, ROOT, "CMakeLists.txt"))
        self.version = re.search(r"project\(ae VERSION ([0-9.]+)", lists).group(1)

    def export_sources(self):
        for pattern in ("LICENSE", "include/*"):
            copy(self, pattern, os.path.join(self.recipe_folder, ROOT), self.export_sources_folder)

    def config_options(self):
        self.options.with_openmp = self.settings.compiler == "gcc"  # others need a library for it

    def layout(self):
        basic_layout(self)

    def requirements(self):
        self.requires("eigen/[>=3.4]", transitive_headers=True)
        if self.options.with_files:
            self.requires("nlohmann_json/[>=3.11 <4]", transitive_headers=True)

    def validate(self):
        check_min_cppstd(self, 20)

    def package(self):
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))
        copy(self, "include/*", self.source_folder, self.package_folder)

    def package_id(self):
        self.info.clear()

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "ae")
        core = self.cpp_info.components["core"]
        core.set_property("cmake_target_name", "ae::ae")
        core.set_property("pkg_config_name", "ae")
        core.requires = ["eigen::eigen"]
        if self.options.with_openmp:
            flag = "-openmp:llvm" if self.settings.compiler == "msvc" else "-fopenmp"
            core.cxxflags = [flag]
            core.exelinkflags = core.sharedlinkflags = [] if flag.startswith("-openmp") else [flag]
        components = [core]
        if self.options.with_files:
            files = self.cpp_info.components["files"]
            files.set_property("cmake_target_name", "ae::files")
            files.requires = ["core", "nlohmann_json::nlohmann_json"]
            components.append(files)
        for component in components:
            component.bindirs = component.libdirs = []
