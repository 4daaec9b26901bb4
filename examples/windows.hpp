#pragma once

#include "ae/core/random.hpp"
#include "ae/data/cifar.hpp"

/// Square windows of pictures of 32 x 32 (1,024 x count; row by row).
namespace examples {

namespace detail {

inline auto picture(auto&& column) {
  return column.reshaped(ae::Pictures::side, ae::Pictures::side);
}

}  // namespace detail

/// So many windows of every picture, at places drawn by the seed, as a source of samples of side^2
/// values. A view, so the pictures must live as long.
class Windows {
 public:
  Windows(const ae::Matrix<float>& pictures, ae::Index side, ae::Index each, std::uint64_t seed)
      : pictures_(pictures), side_(side), each_(each), random_(seed, ae::Purpose::sample) {}

  ae::Index features() const { return side_ * side_; }
  ae::Index samples() const { return pictures_.cols() * each_; }

  template <class Scalar>
  void read(std::span<const ae::Index> picks, Eigen::Ref<ae::Matrix<Scalar>> x) const {
    for (std::size_t i = 0; i < picks.size(); ++i) {
      const ae::Index left = place(2 * picks[i]), top = place(2 * picks[i] + 1);
      const auto picture = detail::picture(pictures_.col(picks[i] / each_));
      x.col(static_cast<ae::Index>(i)) =
          picture.block(left, top, side_, side_).reshaped().template cast<Scalar>();
    }
  }

 private:
  ae::Index place(ae::Index draw) const {
    const auto places = static_cast<std::uint64_t>(ae::Pictures::side - side_ + 1);
    return static_cast<ae::Index>(random_.below(static_cast<std::uint64_t>(draw), places));
  }

  const ae::Matrix<float>& pictures_;
  ae::Index side_, each_;
  ae::Random random_;
};

/// What `change` (side^2 x windows to the same shape) makes of pictures, all their windows one by
/// one: a pixel becomes the mean over the windows that it lies in.
template <class Change>
ae::Matrix<float> glide(const ae::Matrix<float>& pictures, ae::Index side, const Change& change) {
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
    const auto from = detail::picture(pictures.col(n));
    for_each_place([&](ae::Index i, ae::Index left, ae::Index top) {
      windows.col(i) = from.block(left, top, side, side).reshaped();
    });
    const ae::Matrix<float> changed = change(windows);
    auto to = detail::picture(result.col(n));
    for_each_place([&](ae::Index i, ae::Index left, ae::Index top) {
      to.block(left, top, side, side) += changed.col(i).reshaped(side, side);
    });
    to.array() /= count;
  }
  return result;
}

}  // namespace examples
