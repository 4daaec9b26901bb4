#pragma once

#include <locale>
#include <sstream>
#include <stdexcept>
#include <string>

#include "types.hpp"

namespace ae {

/// Everything that the library throws on purpose. The text says what was expected and what was
/// found.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Matrices, layers or sizes that do not fit together.
class ShapeError : public Error {
 public:
  using Error::Error;
};

/// An option outside its range.
class OptionError : public Error {
 public:
  using Error::Error;
};

/// A file that cannot be read or written, or that does not hold what it should.
class FileError : public Error {
 public:
  using Error::Error;
};

/// A loss that became NaN or infinite during training.
class DivergenceError : public Error {
 public:
  DivergenceError(const std::string& what, Index at_epoch, Index at_step, Index at_layer)
      : Error(what), epoch(at_epoch), step(at_step), layer(at_layer) {}

  Index epoch;  ///< counted from 0, over every `fit` of the model
  Index step;   ///< within the epoch, counted from 0
  Index layer;  ///< the first whose output is not finite; the number of layers if only the loss is
};

/// The parts, one behind the other, as they would be printed; the same in every locale.
template <class... Parts>
std::string text(const Parts&... parts) {
  std::ostringstream out;
  out.imbue(std::locale::classic());
  (out << ... << parts);
  return out.str();
}

/// `rows x cols`, as every shape is written in a message.
inline std::string shape(Index rows, Index cols) {
  return text(rows, " x ", cols);
}

/// Throws ShapeError unless x has so many rows.
template <class Derived>
void require_rows(const Eigen::DenseBase<Derived>& x, Index rows, const char* who) {
  if (x.rows() == rows) return;
  throw ShapeError(
      text(who, ": expected columns of ", rows, " values, found ", shape(x.rows(), x.cols())));
}

/// Throws `E` with the parts as its text unless `condition` holds.
template <class E, class... Parts>
void require(bool condition, const Parts&... parts) {
  if (!condition) throw E(text(parts...));
}

}  // namespace ae
