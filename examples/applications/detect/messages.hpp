#pragma once

#include <string>

namespace examples {

/// A message of the library as the users of `detect` need it: with the options of the program in
/// place of the library's, and without its headers.
std::string with_own_options(std::string message);

}  // namespace examples
