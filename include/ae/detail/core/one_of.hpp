#pragma once

#include "ae/detail/core/abi.hpp"

#include <concepts>
#include <optional>
#include <string_view>
#include <variant>

#include "ae/detail/core/claims.hpp"

namespace ae::inline AE_ABI::detail {

/// A value of one of several types, each with a `name`, chosen at run time.
template <class First, class... Rest>
class OneOf {
  using Choice = std::variant<First, Rest...>;

 public:
  std::string_view name;  ///< of the type that was chosen

  OneOf() : OneOf(First{}) {}

  template <class T>
  requires(std::same_as<T, First> || (std::same_as<T, Rest> || ...)) OneOf(const T& value)
      : name(T::name), choice_(value) {}

  /// Throws OptionError if the value has a number outside its range.
  void require_valid() const {
    visit([](const auto& value) {
      if constexpr (requires { value.require_valid(); }) value.require_valid();
    });
  }

  /// Calls f with the value, in its own type.
  decltype(auto) visit(auto&& f) const { return std::visit(f, choice_); }

 protected:
  /// The type of a name, as it is by default. Throws OptionError, which lists the names.
  static OneOf named(std::string_view name, std::string_view what) {
    std::optional<OneOf> found;
    std::string known;
    const auto look = [&]<class T>(const T& value) {
      known += text(known.empty() ? "" : ", ", T::name);
      if (T::name == name) found = OneOf(value);
    };
    look(First{});
    (look(Rest{}), ...);
    require<OptionError>(found.has_value(), what, ": expected one of ", known, ", found \"",
                         shown(name), '"');
    return *found;
  }

 private:
  Choice choice_;
};

}  // namespace ae::inline AE_ABI::detail
