#pragma once

#include "ae/detail/core/abi.hpp"

#include <stdexcept>
#include <string>

#include "ae/core/types.hpp"

namespace ae::inline AE_ABI {

/// Everything that the library throws on purpose. The text says what was expected and what was
/// found.
/// ~~~{.cpp}
/// try {
///   model.fit(ae::npy::read("samples.npy"));
/// } catch (const ae::Error& error) {
///   std::cerr << error.what() << '\n';
/// }
/// ~~~
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

/// Samples with a value that cannot be used: one that is not finite, or outside what a loss takes.
class DataError : public Error {
 public:
  using Error::Error;
};

/// A file that cannot be read or written, or that does not hold what it should.
class FileError : public Error {
 public:
  using Error::Error;
};

/// A loss that became NaN or infinite during training.
/// ~~~{.cpp}
/// try {
///   model.fit(x, {.learning_rate = 0.1});
/// } catch (const ae::DivergenceError& error) {
///   std::cerr << "in epoch " << error.epoch << ", from layer " << error.layer << " on\n";
/// }
/// ~~~
class DivergenceError : public Error {
 public:
  DivergenceError(const std::string& what, Index at_epoch, Index at_step, Index at_layer)
      : Error(what), epoch(at_epoch), step(at_step), layer(at_layer) {}

  Index epoch;  ///< counted from 0, over every `fit` of the model
  Index step;   ///< within the epoch, counted from 0
  Index layer;  ///< the first whose output is not finite; the number of layers if only the loss is
};

}  // namespace ae::inline AE_ABI
