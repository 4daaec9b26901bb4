#include "ae/data/metrics.hpp"

#include <limits>

#include "ae/core/random.hpp"
#include "support/expect.hpp"

using ae::Index;
using ae::Matrix;
using ae::Vector;

namespace {

constexpr Index width = 14;
constexpr Index height = 12;

/// Two pictures of 14 x 12, row by row, from numbers that any tool can draw again.
Matrix<double> pictures() {
  return Matrix<double>::NullaryExpr(width * height, 2, [](Index at, Index k) {
    const Index row = at / width, col = at % width;
    return static_cast<double>((37 * row + 11 * col + 5 * row * col + 13 * k) % 256);
  });
}

/// The same, fainter and with a pattern on them.
Matrix<double> worse() {
  return 0.75 * pictures() + Matrix<double>::NullaryExpr(width * height, 2, [](Index at, Index k) {
           const Index row = at / width, col = at % width;
           return static_cast<double>((7 * row + 3 * col * (k + 1)) % 40);
         });
}

/// Section III of the paper, window by window.
double slow_ssim(const Matrix<double>& x, const Matrix<double>& y, double peak) {
  const double c1 = std::pow(0.01 * peak, 2), c2 = std::pow(0.03 * peak, 2);
  double sum = 0;
  Index windows = 0;
  for (Index top = 0; top + 11 <= height; ++top) {
    for (Index left = 0; left + 11 <= width; ++left, ++windows) {
      double total = 0, mx = 0, my = 0, xx = 0, yy = 0, xy = 0;
      const auto each = [&](auto&& f) {
        for (Index r = 0; r < 11; ++r) {
          for (Index c = 0; c < 11; ++c) {
            const auto squared = static_cast<double>((r - 5) * (r - 5) + (c - 5) * (c - 5));
            const Index at = (top + r) * width + left + c;
            f(std::exp(-squared / (2 * 1.5 * 1.5)), x(at), y(at));
          }
        }
      };
      each([&](double w, double, double) { total += w; });
      each([&](double w, double a, double b) { mx += w / total * a, my += w / total * b; });
      each([&](double w, double a, double b) {
        xx += w / total * (a - mx) * (a - mx);
        yy += w / total * (b - my) * (b - my);
        xy += w / total * (a - mx) * (b - my);
      });
      sum += (2 * mx * my + c1) * (2 * xy + c2) / ((mx * mx + my * my + c1) * (xx + yy + c2));
    }
  }
  return sum / static_cast<double>(windows);
}

}  // namespace

TEST_CASE("what is given back exactly has no error, an infinite PSNR and an SSIM of 1") {
  const Matrix<double> x = pictures();
  CHECK(ae::mse(x, x) == Vector<double>::Zero(2));
  CHECK((ae::psnr(x, x, 255).array() == std::numeric_limits<double>::infinity()).all());
  CHECK((ae::ssim(x, x, width, 255).array() - 1).abs().maxCoeff() < 1e-12);
}

TEST_CASE("the figures are those of scikit-image") {
  // scikit-image 0.26, with gaussian_weights=True, sigma=1.5, use_sample_covariance=False.
  const Vector<double> mse{{490.0186011904762, 538.1986607142857}};
  const Vector<double> psnr{{21.22867794633172, 20.821377481631757}};
  const Vector<double> ssim{{0.9496434147332096, 0.965279567944528}};
  CHECK(ae::mse(pictures(), worse()).isApprox(mse, 1e-13));
  CHECK(ae::psnr(pictures(), worse(), 255).isApprox(psnr, 1e-13));
  CHECK(ae::ssim(pictures(), worse(), width, 255).isApprox(ssim, 1e-12));
}

TEST_CASE("every sample has a mean squared error, and their mean is the one over all elements") {
  const Matrix<double> x = (Matrix<double>(2, 3) << 1, 2, 3, 4, 5, 6).finished();
  const Matrix<double> y = (Matrix<double>(2, 3) << 1, 0, 3, 1, 5, 10).finished();
  CHECK(ae::mse(x, y) == Vector<double>{{4.5, 2, 8}});
  CHECK(ae::mse(x, y).mean() == doctest::Approx((x - y).squaredNorm() / 6));
}

TEST_CASE("a tenth of the peak off everywhere is 20 decibels") {
  const Matrix<double> x = pictures();
  const Matrix<double> y = x.array() - 25.5;
  CHECK((ae::psnr(x, y, 255).array() - 20).abs().maxCoeff() < 1e-12);
  CHECK((ae::psnr(x / 255, y / 255, 1).array() - 20).abs().maxCoeff() < 1e-12);
}

TEST_CASE("the PSNR of a set is the mean of its pictures', which is above that of its mean error") {
  const Matrix<double> x = Matrix<double>::Zero(4, 2);
  const Matrix<double> y = Vector<double>{{0.1, 0.01}}.transpose().replicate(4, 1);
  CHECK(ae::psnr(x, y, 1)[0] == doctest::Approx(20));
  CHECK(ae::psnr(x, y, 1)[1] == doctest::Approx(40));
  CHECK(ae::psnr(x, y, 1).mean() > -10 * std::log10(ae::mse(x, y).mean()) + 6);
}

TEST_CASE("a constant shift leaves the structure: only the term of the means falls") {
  const double c1 = std::pow(0.01 * 255, 2);
  const Matrix<double> x = Matrix<double>::Constant(width * height, 1, 100);
  const Matrix<double> y = Matrix<double>::Constant(width * height, 1, 140);
  const double expected = (2 * 100 * 140.0 + c1) / (100.0 * 100 + 140 * 140 + c1);
  CHECK(ae::ssim(x, y, width, 255)[0] == doctest::Approx(expected).epsilon(1e-9));
}

TEST_CASE("a negative has the negative structure") {
  const Matrix<double> board = Matrix<double>::NullaryExpr(width * height, 1, [](Index at, Index) {
    return (at / width + at % width) % 2 == 0 ? 50.0 : -50.0;
  });
  const double c2 = std::pow(0.03 * 255, 2);  // the means are all but equal, the variance 50^2
  CHECK(ae::ssim((board.array() + 128).matrix(), (128 - board.array()).matrix(), width, 255)[0] ==
        doctest::Approx((c2 - 5000) / (c2 + 5000)).epsilon(1e-4));
}

TEST_CASE("SSIM is the formula of the paper in every window") {
  const ae::Random random(3, ae::Purpose::draw);
  const auto noise = Matrix<double>::NullaryExpr(width * height, 2, [&](Index at, Index k) {
    return 40 * random.normal(static_cast<std::uint64_t>(at + width * height * k));
  });
  const Matrix<double> x = pictures(), y = pictures() + noise;
  const Vector<double> found = ae::ssim(x, y, width, 255);
  CHECK(found[0] == doctest::Approx(slow_ssim(x.col(0), y.col(0), 255)).epsilon(1e-11));
  CHECK(found[1] == doctest::Approx(slow_ssim(x.col(1), y.col(1), 255)).epsilon(1e-11));
}

TEST_CASE("SSIM does not change if values and peak are multiplied by the same number") {
  const Vector<double> bytes = ae::ssim(pictures(), worse(), width, 255);
  CHECK(ae::ssim(pictures() / 255, worse() / 255, width, 1).isApprox(bytes, 1e-12));
}

TEST_CASE("pictures in float, and bytes beside them, are compared in double") {
  const Matrix<std::uint8_t> bytes = pictures().cast<std::uint8_t>();
  CHECK(ae::mse(bytes, worse().cast<float>()).isApprox(ae::mse(pictures(), worse()), 1e-6));
  CHECK(ae::ssim(bytes, worse().cast<float>(), width, 255)
            .isApprox(ae::ssim(pictures(), worse(), width, 255), 1e-6));
}

TEST_CASE("a value that is not a number stays visible, in its sample only") {
  Matrix<double> y = worse();
  y(30, 1) = std::numeric_limits<double>::quiet_NaN();
  for (const Vector<double>& found : {ae::mse(pictures(), y), ae::psnr(pictures(), y, 255),
                                      ae::ssim(pictures(), y, width, 255)}) {
    CHECK(std::isfinite(found[0]));
    CHECK(std::isnan(found[1]));
  }
}

TEST_CASE("matrices of different shapes are refused with both shapes") {
  const Matrix<double> x = pictures(), y = x.leftCols(1);
  const auto refused = [](const std::string& message) {
    return says(message, "168 x 2", "168 x 1");
  };
  CHECK(refused(message_of<ae::ShapeError>([&] { ae::mse(x, y); })));
  CHECK(refused(message_of<ae::ShapeError>([&] { ae::psnr(x, y, 1); })));
  CHECK(refused(message_of<ae::ShapeError>([&] { ae::ssim(x, y, width, 1); })));
}

TEST_CASE("no samples have no figure") {
  const Matrix<double> none(width * height, 0);
  CHECK(says(message_of<ae::ShapeError>([&] { ae::mse(none, none); }), "at least one sample"));
}

TEST_CASE("a peak that is not above 0 is refused") {
  for (const double peak : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN(),
                            std::numeric_limits<double>::infinity()}) {
    const Matrix<double> x = pictures();
    CHECK(says(message_of<ae::OptionError>([&] { ae::psnr(x, x, peak); }), "psnr", "above 0",
               ae::detail::text("found ", peak)));
    CHECK(
        says(message_of<ae::OptionError>([&] { ae::ssim(x, x, width, peak); }), "ssim", "above 0"));
  }
}

TEST_CASE("a width that does not divide the features is refused") {
  const Matrix<double> x = pictures();
  for (const Index wrong : {Index{13}, Index{0}, Index{-14}}) {
    CHECK(says(message_of<ae::ShapeError>([&] { ae::ssim(x, x, wrong, 1); }), "divides 168",
               ae::detail::text("found ", wrong)));
  }
}

TEST_CASE("pictures smaller than the window are refused") {
  const Matrix<double> x = pictures();
  CHECK(says(message_of<ae::ShapeError>([&] { ae::ssim(x, x, 21, 1); }), "at least 11 x 11",
             "21 x 8"));
  CHECK(says(message_of<ae::ShapeError>([&] { ae::ssim(x, x, 8, 1); }), "8 x 21"));
}
