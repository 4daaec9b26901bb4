#pragma once

#include "ae/detail/core/abi.hpp"

#include <memory>
#include <type_traits>

namespace ae::inline AE_ABI::detail {

template <class Signature>
class FunctionRef;

/// A reference to a callable of any type, which must live as long: one pointer to it and one to a
/// function that calls it.
template <class Result, class... Arguments>
class FunctionRef<Result(Arguments...)> {
 public:
  template <class F>
  // NOLINTNEXTLINE(bugprone-forwarding-reference-overload): clang-tidy 14 reads no constraints
  requires(!std::is_same_v<std::remove_cvref_t<F>, FunctionRef>) FunctionRef(F&& f)
      : object_(const_cast<void*>(static_cast<const void*>(std::addressof(f)))),
        call_([](void* object, Arguments... arguments) -> Result {
          return (*static_cast<std::add_pointer_t<F>>(object))(
              static_cast<Arguments>(arguments)...);
        }) {}

  Result operator()(Arguments... arguments) const {
    return call_(object_, static_cast<Arguments>(arguments)...);
  }

 private:
  void* object_;
  Result (*call_)(void*, Arguments...);
};

}  // namespace ae::inline AE_ABI::detail
