#pragma once

#include <functional>
#include <oneapi/dnnl/dnnl.hpp>
#include <string>

#include "horse_products.hpp"

/// A product through oneDNN's matmul primitive, made once for the present number of threads; in the
/// mean it is faster than dnnl_sgemm. oneDNN counts by rows, so it is given the transposes:
/// C^T = B^T A^T. Operands of bfloat16 are rounded before, outside the time that is taken: a caller
/// with floats has that to do beside.
namespace bench {

inline std::string onednn_version() {
  const auto* version = dnnl_version();
  return std::to_string(version->major) + '.' + std::to_string(version->minor) + '.' +
         std::to_string(version->patch);
}

/// The transpose of a column-major matrix, (rows x cols) after it.
template <class Number>
dnnl::memory onednn_view(const ae::Matrix<Number>& matrix, Index rows, Index cols, bool transposed,
                         const dnnl::engine& engine) {
  using Type = dnnl::memory::data_type;
  const dnnl::memory::desc layout(
      {rows, cols}, std::is_same_v<Number, float> ? Type::f32 : Type::bf16,
      transposed ? dnnl::memory::dims{1, rows} : dnnl::memory::dims{cols, 1});
  return {layout, engine, const_cast<Number*>(matrix.data())};
}

/// Of operands as they are, or rounded.
template <class Number>
std::function<void()> onednn_product(const Product& product, Operands& at) {
  const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  const auto [name, m, n, k, lhs_transposed, rhs_transposed] = product;
  const auto of = std::make_shared<std::pair<ae::Matrix<Number>, ae::Matrix<Number>>>(
      at.lhs.cast<Number>(), at.rhs.cast<Number>());
  const auto rhs = onednn_view(of->second, n, k, rhs_transposed, engine);
  const auto lhs = onednn_view(of->first, k, m, lhs_transposed, engine);
  const auto dst = onednn_view(at.dst, n, m, false, engine);
  const dnnl::matmul::desc what(rhs.get_desc(), lhs.get_desc(), dst.get_desc());
  const dnnl::matmul matmul(dnnl::matmul::primitive_desc(what, engine));
  return [=, stream = dnnl::stream(engine)]() mutable {
    (void)of;
    matmul.execute(stream, {{DNNL_ARG_SRC, rhs}, {DNNL_ARG_WEIGHTS, lhs}, {DNNL_ARG_DST, dst}});
    stream.wait();
  };
}

}  // namespace bench
