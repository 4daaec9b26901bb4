#pragma once

#include "ae/detail/core/abi.hpp"

#include <cstring>
#include <exception>
#include <string>

#include "ae/detail/core/require.hpp"

namespace ae::inline AE_ABI::detail::mpi {

/// An exception of one process as bytes, which another process makes an exception of again: of the
/// same type if it is the library's, else an Error.
class Failure {
 public:
  explicit Failure(const std::exception_ptr& exception) {
    try {
      std::rethrow_exception(exception);
    } catch (const DivergenceError& error) {
      keep(Kind::divergence, error);
      head_.epoch = error.epoch;
      head_.step = error.step;
      head_.layer = error.layer;
    } catch (const ShapeError& error) {
      keep(Kind::shape, error);
    } catch (const OptionError& error) {
      keep(Kind::option, error);
    } catch (const DataError& error) {
      keep(Kind::data, error);
    } catch (const FileError& error) {
      keep(Kind::file, error);
    } catch (const std::exception& error) {
      keep(Kind::other, error);
    } catch (...) {
      what_ = "something was thrown that is no std::exception";
    }
  }

  explicit Failure(const std::string& bytes) : what_(bytes.substr(sizeof(Head))) {
    std::memcpy(&head_, bytes.data(), sizeof(Head));
  }

  std::string bytes() const {
    std::string all(sizeof(Head), '\0');
    std::memcpy(all.data(), &head_, sizeof(Head));
    return all + what_;
  }

  /// Throws it, with `where` in front of its text.
  [[noreturn]] void raise(const std::string& where) const {
    const std::string what = text(where, ": ", what_);
    switch (head_.kind) {
      case Kind::divergence:
        throw DivergenceError(what, head_.epoch, head_.step, head_.layer);
      case Kind::shape:
        throw ShapeError(what);
      case Kind::option:
        throw OptionError(what);
      case Kind::data:
        throw DataError(what);
      case Kind::file:
        throw FileError(what);
      case Kind::other:
        break;
    }
    throw Error(what);
  }

 private:
  enum class Kind { other, divergence, shape, option, data, file };

  struct Head {
    Kind kind = Kind::other;
    Index epoch = 0, step = 0, layer = 0;
  };

  void keep(Kind kind, const std::exception& error) {
    head_.kind = kind;
    what_ = error.what();
  }

  Head head_;
  std::string what_;
};

}  // namespace ae::inline AE_ABI::detail::mpi
