#pragma once

#include <dlfcn.h>

#include <functional>
#include <optional>
#include <string>

/// BLAS libraries side by side. Each is opened with its symbols to itself: linked together, one
/// library's `cblas_sgemm` would answer for all of them.
namespace bench {

struct Blas {
  using Gemm = void (*)(int order, int lhs, int rhs, int m, int n, int k, float alpha,
                        const float* a, int lda, const float* b, int ldb, float beta, float* c,
                        int ldc);

  std::string name, version;
  Gemm gemm;
  void (*set_threads)(int);
};

namespace detail {

template <class Function>
Function find(void* library, const char* name) {
  return reinterpret_cast<Function>(dlsym(library, name));
}

/// Nothing if the library is not installed. `describe` makes the version of what was opened.
inline std::optional<Blas> open_blas(const char* name, const char* file, const char* set_threads,
                                     const std::function<std::string(void*)>& describe) {
  void* library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
  if (!library) return {};
  const auto gemm = find<Blas::Gemm>(library, "cblas_sgemm");
  const auto threads = find<void (*)(int)>(library, set_threads);
  if (!gemm || !threads) return {};
  return Blas{name, describe(library), gemm, threads};
}

}  // namespace detail

inline std::optional<Blas> open_openblas() {
  using Text = char* (*)();
  return detail::open_blas(
      "OpenBLAS", "libopenblas.so.0", "openblas_set_num_threads", [](void* library) {
        return std::string(detail::find<Text>(library, "openblas_get_config")()) +
               "; its kernel: " + detail::find<Text>(library, "openblas_get_corename")();
      });
}

inline std::optional<Blas> open_blis() {
  using Text = const char* (*)();
  return detail::open_blas("BLIS", "libblis.so.4", "bli_thread_set_num_threads", [](void* library) {
    const auto id = detail::find<int (*)()>(library, "bli_arch_query_id")();
    return std::string(detail::find<Text>(library, "bli_info_get_version_str")()) +
           "; its kernel: " + detail::find<const char* (*)(int)>(library, "bli_arch_string")(id);
  });
}

}  // namespace bench
