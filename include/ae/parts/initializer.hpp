#pragma once

#include "ae/detail/core/abi.hpp"

#include <Eigen/QR>
#include <algorithm>
#include <cmath>
#include <cstdint>

#include "ae/core/concepts.hpp"
#include "ae/detail/core/require_range.hpp"

/// First values of weights. Every entry is drawn by its own index, column by column.
namespace ae::inline AE_ABI {

namespace detail {

/// What a variance is divided by: a weight's inputs, or its inputs and outputs together.
enum class Fan { inputs, both };

/// Numbers with mean 0 and variance scale^2 / spread.
struct Uniform {
  static constexpr int spread = 3;
  static double draw(const Random& random, std::uint64_t index, double scale) {
    return random.uniform(index, -scale, scale);
  }
};
struct Normal {
  static constexpr int spread = 1;
  static double draw(const Random& random, std::uint64_t index, double scale) {
    return scale * random.normal(index);
  }
};

/// Entries with mean 0 and variance gain / fan.
template <class Distribution, int gain, Fan fan>
struct Scaled {
  template <class Scalar>
  void operator()(Matrix<Scalar>& weight, const Random& random) const {
    const Index count = fan == Fan::both ? weight.rows() + weight.cols() : weight.cols();
    const double variance = double{Distribution::spread * gain} / static_cast<double>(count);
    std::uint64_t index = 0;
    for (Scalar& entry : weight.reshaped()) {
      entry = static_cast<Scalar>(Distribution::draw(random, index++, std::sqrt(variance)));
    }
  }
};

}  // namespace detail

/// Variance 2 / (inputs + outputs): uniform on [-a, a] with a = sqrt(6 / (inputs + outputs)), or
/// normal. Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural
/// networks", AISTATS 2010, eq. 16 and 12.
/// ~~~{.cpp}
/// ae::StackedAutoencoder model({1024, 300, 150}, seed, ae::XavierNormal{});
/// ~~~
using XavierUniform = detail::Scaled<detail::Uniform, 2, detail::Fan::both>;
using XavierNormal = detail::Scaled<detail::Normal, 2, detail::Fan::both>;

/// Variance 2 / inputs, for rectifiers. He, Zhang, Ren and Sun, "Delving deep into rectifiers",
/// ICCV 2015, eq. 10.
/// ~~~{.cpp}
/// using Layers = ae::Stack<float, ae::Relu, ae::Identity>;
/// ae::StackedAutoencoder<float, Layers> model({64, 16, 4}, seed, ae::HeNormal{});
/// ~~~
using HeUniform = detail::Scaled<detail::Uniform, 2, detail::Fan::inputs>;
using HeNormal = detail::Scaled<detail::Normal, 2, detail::Fan::inputs>;

/// Variance 1 / inputs. LeCun, Bottou, Orr and Mueller, "Efficient backprop", 1998, eq. 16; what
/// `Selu` asks for.
/// ~~~{.cpp}
/// using Layers = ae::Stack<float, ae::Selu>;
/// ae::StackedAutoencoder<float, Layers> model({64, 16, 4}, seed, ae::LeCunNormal{});
/// ~~~
using LeCunUniform = detail::Scaled<detail::Uniform, 1, detail::Fan::inputs>;
using LeCunNormal = detail::Scaled<detail::Normal, 1, detail::Fan::inputs>;

/// `gain` times a matrix with orthonormal columns, or orthonormal rows if it is wider than high.
/// Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep
/// linear neural networks", ICLR 2014. The signs of R make every such matrix as likely as any
/// other: Mezzadri, "How to generate random matrices from the classical compact groups", 2007.
/// ~~~{.cpp}
/// ae::StackedAutoencoder model({1024, 300, 150}, seed, ae::Orthogonal{.gain = 1.2});
/// ~~~
struct Orthogonal {
  double gain = 1;

  /// Throws OptionError for a gain that is not above 0.
  template <class Scalar>
  void operator()(Matrix<Scalar>& weight, const Random& random) const {
    detail::require_above_zero(gain, "Orthogonal", "a gain");
    const auto [few, many] = std::minmax({weight.rows(), weight.cols()});
    auto q = orthonormal<double>(many, few, random);
    if (weight.cols() > weight.rows()) q.transposeInPlace();
    weight = (gain * q).template cast<Scalar>();
  }

 private:
  // A template, so that nobody compiles it who does not use it.
  template <class Real>
  static Matrix<Real> orthonormal(Index rows, Index cols, const Random& random) {
    Matrix<Real> drawn(rows, cols);
    std::uint64_t index = 0;
    for (Real& entry : drawn.reshaped()) entry = random.normal(index++);
    const Eigen::HouseholderQR<Matrix<Real>> qr(drawn);
    Matrix<Real> q = qr.householderQ() * Matrix<Real>::Identity(rows, cols);
    q *= qr.matrixQR().diagonal().cwiseSign().asDiagonal();
    return q;
  }
};

}  // namespace ae::inline AE_ABI
