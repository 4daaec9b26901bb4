#include "common/windows.hpp"

namespace examples {
namespace {

auto picture(auto&& column) {
  return column.reshaped(ae::Pictures::side, ae::Pictures::side);
}

}  // namespace

ae::Matrix<float> glide(const ae::Matrix<float>& pictures, ae::Index side,
                        const std::function<ae::Matrix<float>(const ae::Matrix<float>&)>& change) {
  const ae::Index places = ae::Pictures::side - side + 1;
  const auto for_each_place = [&](const auto& visit) {
    for (ae::Index i = 0; i < places * places; ++i) visit(i, i % places, i / places);
  };
  ae::Matrix<float> result = ae::Matrix<float>::Zero(pictures.rows(), pictures.cols());
  ae::Matrix<float> windows(side * side, places * places);
  Eigen::ArrayXXf count = Eigen::ArrayXXf::Zero(ae::Pictures::side, ae::Pictures::side);
  for_each_place(
      [&](ae::Index, ae::Index left, ae::Index top) { count.block(left, top, side, side) += 1; });
  for (ae::Index n = 0; n < pictures.cols(); ++n) {
    const auto from = picture(pictures.col(n));
    for_each_place([&](ae::Index i, ae::Index left, ae::Index top) {
      windows.col(i) = from.block(left, top, side, side).reshaped();
    });
    const ae::Matrix<float> changed = change(windows);
    auto to = picture(result.col(n));
    for_each_place([&](ae::Index i, ae::Index left, ae::Index top) {
      to.block(left, top, side, side) += changed.col(i).reshaped(side, side);
    });
    to.array() /= count;
  }
  return result;
}

}  // namespace examples
