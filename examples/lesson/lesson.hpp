#pragma once

#include <ae/core/types.hpp>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "common/cifar_folder.hpp"
#include "common/picture.hpp"

/// What the steps of the lesson share. Each is a program of its own, and leaves what it makes in
/// out/lesson.
namespace lesson {

/// A file in the folder of results.
inline std::filesystem::path file(const std::string& name) {
  std::filesystem::create_directories("out/lesson");
  return "out/lesson/" + name;
}

/// The folder with the files of CIFAR-10; where there is none, the pictures are drawn.
inline std::filesystem::path pictures() {
  return examples::find_cifar10("", file("synthetic-cifar-10")).path;
}

/// How many epochs a program runs: what its first argument says, else the usual number.
inline ae::Index epochs(int argc, char** argv, ae::Index usual) {
  return argc > 1 ? std::atol(argv[1]) : usual;
}

/// Pictures (1,024 x count) in rows of ten, as a file in the folder of results.
inline void write_rows(const std::string& name, const ae::Matrix<float>& pictures) {
  examples::write_sheet(file(name), pictures, {.columns = 10, .zoom = 2, .gap = 4});
}

}  // namespace lesson
