#pragma once

#include "ae/detail/core/abi.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "ae/core/error.hpp"

/// Whole files in and out, with errors that name the path and the cause.
namespace ae::inline AE_ABI {

namespace detail {

/// Unfinished files beside one: of writers that are at it, and of those that were killed.
constexpr int most_beside = 1000;

}  // namespace detail

/// Several files, in this order: `ae::csv::read(ae::Paths{"monday.csv", "tuesday.csv"})`.
/// ~~~{.cpp}
/// const auto days = ae::npy::read(ae::Paths{"monday.npy", "tuesday.npy"});
/// ~~~
using Paths = std::vector<std::filesystem::path>;

/// All bytes of a file. Throws FileError.
/// ~~~{.cpp}
/// const auto samples = ae::npy::parse(ae::read_file("samples.npy"));
/// ~~~
std::string read_file(const std::filesystem::path& path);

/// Writes beside the file, flushes to the disk, then renames: whatever happens, the path holds
/// either the old file or the whole new one, which keeps the permissions of the old one. Through a
/// link the file that it leads to is written. Throws FileError.
/// ~~~{.cpp}
/// ae::write_file(ae::summary(model), "model.txt");
/// ~~~
void write_file(std::string_view bytes, const std::filesystem::path& path);

}  // namespace ae::inline AE_ABI

#ifndef AE_COMPILED
#include "ae/detail/core/file-inl.hpp"
#endif
