#include "ae/train/fit.hpp"

#include "support/expect.hpp"

using ae::Index;
using ae::Matrix;

namespace {

using Layers = ae::Stack<double, ae::Identity>;

/// A fit of a small network on data of its own size, with the options of the test.
ae::History fit(const Matrix<double>& x, const ae::FitOptions& options, Layers& layers,
                const ae::Scaler<double>& scaler = {}) {
  ae::TrainingState<double> state;
  return ae::fit(layers, state, scaler, ae::MatrixSource<double>(x), options, ae::Adam{}, ae::Mse{},
                 ae::L2{0.5});
}

Layers small() {
  Layers layers({4, 2, 4});
  ae::initialize(layers, ae::XavierUniform{}, 1);
  return layers;
}

}  // namespace

TEST_CASE("an epoch's data loss weighs every sample alike, the smaller last batch too") {
  const Matrix<double> x = Matrix<double>::Random(4, 7);
  Layers layers({4, 2, 4});  // zero weights and a rate near zero: the output stays zero
  const auto history = fit(x, {.epochs = 1, .batch_size = 3, .rate = 1e-300}, layers);
  CHECK(history[0].data_loss == doctest::Approx(x.squaredNorm() / 28));
}

TEST_CASE("the report counts in the units of the data") {
  const Matrix<double> x = Matrix<double>::Random(4, 60) * 50;
  const auto scaler = ae::Scaler<double>::fit(x);
  Layers layers = small();
  double penalty = 0;
  const auto history = fit(x, {.epochs = 3, .batch_size = 20}, layers, scaler);
  for (Index i = 0; i < 2; ++i) {
    layers.visit(i, [&](const auto& layer) { penalty += 0.25 * layer.weight().squaredNorm(); });
  }
  CHECK(history.size() == 3);
  CHECK(history[2].penalty == doctest::Approx(penalty));
  CHECK(history[2].total() == history[2].data_loss + history[2].penalty);
  CHECK(history[0].data_loss > 100);
}

TEST_CASE("the rate follows the schedule, and callbacks see every epoch and step") {
  Layers layers = small();
  Index epochs = 0, steps = 0;
  const auto history =
      fit(Matrix<double>::Random(4, 10),
          {.epochs = 4,
           .batch_size = 5,
           .rate = 0.5,
           .schedule = [](double done) { return 1 - done; },
           .on_epoch = [&](const ae::EpochReport& report) { CHECK(report.epoch == epochs++); },
           .on_step = [&](const ae::Progress& progress) { CHECK(progress.step == ++steps); }},
          layers);
  CHECK(epochs == 4);
  CHECK(steps == 8);
  CHECK(history[0].rate == doctest::Approx(0.5 * (1 - 1.5 / 8)));
  CHECK(history[3].rate == doctest::Approx(0.5 * (1 - 7.5 / 8)));
}

TEST_CASE("options out of range are refused with what was found") {
  Layers layers = small();
  const Matrix<double> x = Matrix<double>::Random(4, 6);
  const auto refused = [&](const ae::FitOptions& options) {
    return message_of<ae::OptionError>([&] { fit(x, options, layers); });
  };
  CHECK(says(refused({.epochs = 0}), "from 1 to", "found 0"));
  CHECK(says(refused({.batch_size = 0}), "batch size", "0"));
  CHECK(says(refused({.rate = -1}), "rate above 0", "-1"));
  CHECK(says(refused({.rate = std::nan("")}), "rate above 0"));
  CHECK(says(refused({.schedule = {}}), "schedule"));
  CHECK(says(message_of<ae::ShapeError>([&] { fit(Matrix<double>(4, 0), {}, layers); }),
             "at least one sample"));
  CHECK(says(message_of<ae::ShapeError>([&] { fit(Matrix<double>::Zero(5, 3), {}, layers); }),
             "4 features", "found 5"));
}

TEST_CASE("clipped gradients end elsewhere, and a limit of nothing is refused") {
  const Matrix<double> x = Matrix<double>::Random(4, 10) * 100;
  Layers free = small(), loose = small(), tight = small();
  fit(x, {.epochs = 3}, free);
  fit(x, {.epochs = 3, .clip_norm = 1e9}, loose);
  fit(x, {.epochs = 3, .clip_norm = 1e-3}, tight);
  const auto weight = [](Layers& layers) { return ae::parameter_of(layers, 0, 0).value; };
  CHECK(weight(free) == weight(loose));
  CHECK(weight(free) != weight(tight));
  CHECK(says(message_of<ae::OptionError>([&] { fit(x, {.clip_norm = 0}, free); }), "clip_norm"));
}
