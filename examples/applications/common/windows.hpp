#pragma once

#include <ae/core/random.hpp>
#include <ae/data/cifar.hpp>
#include <functional>

/// Square windows of pictures of 32 x 32 (1,024 x count; row by row).
namespace examples {

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
      const auto picture =
          pictures_.col(picks[i] / each_).reshaped(ae::Pictures::side, ae::Pictures::side);
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
ae::Matrix<float> glide(const ae::Matrix<float>& pictures, ae::Index side,
                        const std::function<ae::Matrix<float>(const ae::Matrix<float>&)>& change);

}  // namespace examples
