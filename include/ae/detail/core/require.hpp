#pragma once

#include "ae/detail/core/abi.hpp"

#include <concepts>
#include <initializer_list>
#include <string_view>
#include <type_traits>

#include "ae/core/error.hpp"

/// Checks, and texts put together from parts. A check's message is put together out of line, and
/// only where the check fails; its parts are evaluated always.
namespace ae::inline AE_ABI::detail {

/// `rows x cols`, as every shape is written in a message.
struct Shape {
  Index rows, cols;
};

inline Shape shape(Index rows, Index cols) {
  return {rows, cols};
}

/// One part of a text: a number, a character, a text or a shape.
class TextPart {
 public:
  template <std::signed_integral T>
  TextPart(T number) : kind_(Kind::integer) {
    value_.integer = number;
  }
  template <std::unsigned_integral T>
  TextPart(T number) : kind_(Kind::unsigned_integer) {
    value_.unsigned_integer = number;
  }
  template <std::floating_point T>
  TextPart(T number) : kind_(Kind::real) {
    value_.real = static_cast<double>(number);
  }
  TextPart(char letter) : kind_(Kind::letter) { value_.letter = letter; }
  TextPart(Shape shape) : kind_(Kind::shape) { value_.shape = shape; }
  TextPart(const char* text) : TextPart(std::string_view(text)) {}
  TextPart(const std::string& text) : TextPart(std::string_view(text)) {}
  TextPart(std::string_view text) : kind_(Kind::text) { value_.text = text; }

  void append_to(std::string& all) const;

 private:
  enum class Kind { integer, unsigned_integer, real, letter, text, shape };

  union Value {
    Value() : integer(0) {}
    long long integer;
    unsigned long long unsigned_integer;
    double real;
    char letter;
    std::string_view text;
    Shape shape;
  };

  Kind kind_;
  Value value_;
};

/// `text` for a list of parts; compiled once.
std::string join(std::initializer_list<TextPart> parts);

/// The parts, one behind the other; floating-point numbers as `%g` writes them, in every locale.
template <class... Parts>
std::string text(const Parts&... parts) {
  return join({TextPart(parts)...});
}

/// Throws `E` with the parts as its text.
template <class E>
[[noreturn]] void fail(std::initializer_list<TextPart> parts) {
  throw E(join(parts));
}

/// Throws `E` with the parts as its text unless `condition` holds.
template <class E, class... Parts>
void require(bool condition, const Parts&... parts) {
  if (!condition) [[unlikely]]
    fail<E>({TextPart(parts)...});
}

/// Throws ShapeError unless x has `rows` rows.
template <class Derived>
void require_rows(const Eigen::DenseBase<Derived>& x, Index rows, const char* who) {
  require<ShapeError>(
      x.rows() == rows, who, ": expected columns of ", rows, " values, found ",
      shape(x.rows(), x.cols()),
      x.cols() == rows ? "; a sample is a column: the transpose may be what is meant" : "");
}

}  // namespace ae::inline AE_ABI::detail

#ifndef AE_COMPILED
#include "ae/detail/core/require-inl.hpp"
#endif
