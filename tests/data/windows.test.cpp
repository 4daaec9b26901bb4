#include "ae/data/windows.hpp"

#include "ae/core/concepts.hpp"
#include "support/expect.hpp"

using ae::Index;
using ae::Matrix;
using ae::Vector;
using ae::Windows;

namespace {

const double none = std::nan("");

/// 10 * moment + feature.
Matrix<double> numbered(Index features, Index moments) {
  return Matrix<double>::NullaryExpr(features, moments, [](Index feature, Index moment) {
    return 10.0 * static_cast<double>(moment) + static_cast<double>(feature);
  });
}

template <class Scalar>
std::vector<Index> starts(const Windows<Scalar>& windows) {
  std::vector<Index> all;
  for (Index i = 0; i < windows.samples(); ++i) all.push_back(windows.start(i));
  return all;
}

}  // namespace

static_assert(ae::Source<Windows<double>, float> && ae::Source<Windows<float>, double>);
static_assert(std::is_constructible_v<Windows<double>, const Matrix<double>&, ae::WindowOptions>);
static_assert(!std::is_constructible_v<Windows<double>, Matrix<double>, ae::WindowOptions>);
static_assert(!std::is_constructible_v<Windows<double>, Vector<double>, ae::WindowOptions,
                                       const Vector<double>&, double>);

TEST_CASE("a window is one moment after the other, read from the series as it lies") {
  Matrix<double> series = numbered(2, 7);
  const Windows windows(series, {.length = 3, .stride = 2});
  CHECK(windows.features() == 6);
  CHECK(windows.samples() == 3);
  CHECK(windows.moments() == 7);
  CHECK(windows.length() == 3);
  CHECK(starts(windows) == std::vector<Index>{0, 2, 4});
  CHECK(windows.matrix().col(1) == Vector<double>{{20, 21, 30, 31, 40, 41}});

  const std::vector<Index> picks{2, 0};
  Matrix<float> x(6, 2);
  windows.read<float>(picks, x);
  CHECK(x.col(0) == Vector<float>{{40, 41, 50, 51, 60, 61}});
  CHECK(x.col(1) == Vector<float>{{0, 1, 10, 11, 20, 21}});

  series(1, 3) = 7;
  CHECK(windows.matrix()(3, 1) == 7);
}

TEST_CASE("a series may be a vector, a block, a row or a transpose: it is never copied") {
  Matrix<double> all = numbered(3, 8);
  const Matrix<double> wanted{{11, 21}, {12, 22}, {21, 31}, {22, 32}};
  const Windows block(all.block(1, 1, 2, 3), {.length = 2});
  CHECK(block.matrix() == wanted);
  const Eigen::Matrix<double, -1, -1, Eigen::RowMajor> by_moment = all.transpose();
  CHECK(Windows(by_moment.transpose().block(1, 1, 2, 3), {.length = 2}).matrix() == wanted);
  const Windows row(all.row(2), {.length = 4, .stride = 4});
  CHECK(row.matrix() == Matrix<double>{{2, 42}, {12, 52}, {22, 62}, {32, 72}});
  all(1, 1) = all(2, 0) = -1;
  CHECK(block.matrix()(0, 0) == -1);
  CHECK(row.matrix()(0, 0) == -1);

  const Vector<float> values{{1, 2, 3, 4, 5}};
  const Windows few(values, {.length = 2, .stride = 3});
  CHECK(few.features() == 2);
  CHECK(few.matrix() == Matrix<float>{{1, 4}, {2, 5}});
  const Vector<float> single{{6}};
  CHECK(Windows(single, {.length = 1}).matrix() == Matrix<float>{{6}});
  const Vector<int> whole{{1, 2, 3}};
  CHECK(Windows(whole, {.length = 3}).matrix<float>() == Matrix<float>{{1}, {2}, {3}});
}

TEST_CASE("windows of a long series take no memory of their own") {
  const Vector<float> series = Vector<float>::LinSpaced(1'000'000, 0, 999'999);
  const Windows windows(series, {.length = 4096});  // 16 GB as a matrix
  REQUIRE(windows.samples() == 1'000'000 - 4095);
  const std::vector<Index> picks{windows.samples() - 1};
  Matrix<float> x(4096, 1);
  windows.read<float>(picks, x);
  CHECK(x(4095, 0) == 999'999);
}

TEST_CASE("no window crosses a gap, and windows begin anew behind it") {
  const Matrix<double> series = numbered(1, 10);
  const std::vector<double> times{0, 1, 2, 3, 10, 11, 20, 21, 22, 22};
  CHECK(starts(Windows(series, {.length = 3}, times, 1)) == std::vector<Index>{0, 1, 6, 7});
  CHECK(starts(Windows(series, {.length = 2, .stride = 2}, times, 1)) ==
        std::vector<Index>{0, 2, 4, 6, 8});
  CHECK(starts(Windows(series, {.length = 3}, times, 7)) == std::vector<Index>{0, 1, 2, 3, 6, 7});
  CHECK(Windows(series, {.length = 3}, times, HUGE_VAL).samples() == 8);
  CHECK(Windows(series, {.length = 10}, times, 9).samples() == 1);
  const Vector<double> vector = Eigen::Map<const Vector<double>>(times.data(), 10);
  CHECK(starts(Windows(series, {.length = 3}, vector, 1)) == std::vector<Index>{0, 1, 6, 7});

  constexpr std::int64_t day = 1'700'000'000'000'000'000;  // nanoseconds: doubles are 256 apart
  const std::vector<std::int64_t> nanoseconds{day, day + 10, day + 20, day + 31, day + 41};
  CHECK(starts(Windows(series.leftCols(5), {.length = 2}, nanoseconds, 10)) ==
        std::vector<Index>{0, 1, 3});
  const std::vector<std::int64_t> ends{INT64_MIN, INT64_MAX};
  CHECK(Windows(series.leftCols(2), {.length = 1}, ends, 1e19).samples() == 2);
}

TEST_CASE("NaN is handed on, and a window with nothing else is left out") {
  Matrix<double> series = numbered(2, 12);
  series.row(0).setConstant(none);
  series.middleCols(3, 4).setConstant(none);
  const Windows windows(series, {.length = 3});
  CHECK(starts(windows) == std::vector<Index>{0, 1, 2, 5, 6, 7, 8, 9});
  CHECK(std::isnan(windows.matrix()(0, 0)));
  CHECK(windows.matrix()(1, 0) == 1);
  const std::vector<Index> picks{3};
  Matrix<float> x(6, 1);
  windows.read<float>(picks, x);
  CHECK(x.array().isNaN().count() == 5);
  CHECK(x(5, 0) == 71);
  CHECK(starts(Windows(series, {.length = 3, .stride = 4})) == std::vector<Index>{0, 8});

  const Vector<double> of_moments = windows.moment_means(Vector<double>::Ones(8).eval());
  CHECK(of_moments.array().isNaN().count() == 0);  // all are in a window with something
  const Vector<double> coarse =
      Windows(series, {.length = 3, .stride = 4}).moment_means(Vector<double>{{1, 2}});
  for (Index i = 0; i < 12; ++i) CHECK(std::isnan(coarse[i]) == (i / 4 == 1 || i % 4 == 3));
}

TEST_CASE("a moment has the mean of the windows that cover it") {
  const Matrix<double> series = numbered(1, 8);
  const Windows windows(series, {.length = 4, .stride = 2});
  REQUIRE(windows.samples() == 3);
  CHECK(windows.moment_means(Vector<double>{{1, 3, 10}}) ==
        Vector<double>{{1, 1, 2, 2, 6.5, 6.5, 10, 10}});
  const Vector<double> rest =
      Windows(series.leftCols(7), {.length = 3, .stride = 3}).moment_means(Vector<double>{{1, 2}});
  CHECK(rest.head(6) == Vector<double>{{1, 1, 1, 2, 2, 2}});
  CHECK(std::isnan(rest[6]));
  CHECK(windows.moment_means(Vector<double>{{1e300, 0, 1}})[7] == 1);  // no running sum

  CHECK(says(message_of<ae::ShapeError>([&] { windows.moment_means(Vector<double>(4)); }),
             "each of 3 windows", "found 4"));
}

TEST_CASE("windows that cannot be are refused, and say why") {
  const Matrix<double> series = numbered(2, 5);
  for (const Index bad : {0, -1}) {
    const std::string found = ae::detail::text("found ", bad);
    CHECK(says(message_of<ae::OptionError>([&] { Windows(series, {.length = bad}); }), "a length",
               found));
    CHECK(says(message_of<ae::OptionError>([&] { Windows(series, {.length = 2, .stride = bad}); }),
               "a stride", found));
  }
  CHECK(says(message_of<ae::ShapeError>([&] { Windows(series, {.length = 6}); }),
             "at least 6 moments", "one of 5", "2 x 5"));
  CHECK(says(message_of<ae::ShapeError>([&] { Windows(series.leftCols(0), {.length = 1}); }),
             "2 x 0"));
  CHECK(says(message_of<ae::ShapeError>([&] { Windows(series.topRows(0), {.length = 1}); }),
             "0 x 5"));
  CHECK(Windows(series, {.length = 1, .stride = PTRDIFF_MAX}).samples() == 1);
  const Matrix<double> nothing = Matrix<double>::Constant(2, 5, none);
  CHECK(says(message_of<ae::DataError>([&] { Windows(nothing, {.length = 2}); }),
             "a window with a value", "all of 5 moments"));

  const auto with = [&](const std::vector<double>& times, double step = 1) {
    Windows(series, {.length = 2}, times, step);
  };
  CHECK(says(message_of<ae::ShapeError>([&] { with({1, 2, 3}); }), "each of 5 moments", "found 3"));
  CHECK(says(message_of<ae::DataError>([&] {
               with({1, 2, 3, 2.5, 4});
             }),
             "never fall", "found 2.5 after 3 at moment 3"));
  for (const double bad : {none, HUGE_VAL, -HUGE_VAL}) {
    CHECK(says(message_of<ae::DataError>([&] {
                 with({1, 2, bad, 3, 4});
               }),
               "finite times", "at moment 2"));
  }
  for (const double bad : {none, 0.0, -1.0}) {
    CHECK(says(message_of<ae::OptionError>([&] {
                 with({1, 2, 3, 4, 5}, bad);
               }),
               "largest step above 0", ae::detail::text("found ", bad)));
  }
  CHECK(says(message_of<ae::ShapeError>([&] {
               with({1, 3, 5, 7, 9});
             }),
             "at least 2 moments, found one of 1"));
}
