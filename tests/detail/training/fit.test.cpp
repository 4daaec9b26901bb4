#include <atomic>
#include <thread>

#include "ae/detail/training/pretrain.hpp"
#include "support/expect.hpp"
#include "support/parameters.hpp"

using ae::Index;
using ae::Matrix;

namespace {

using Layers = ae::Stack<double, ae::Identity>;

/// A fit of a small network on data of its own size, with the options of the test.
template <class... Parts>
ae::History fit(const Matrix<double>& x, const ae::FitOptions& options, Layers& layers,
                ae::detail::TrainingState<double>& state, const Parts&... parts) {
  ae::Scaler<double> as_is;
  const auto measure = [&](const auto& source) {
    return ae::detail::network_loss(ae::detail::layer_refs(layers), source, ae::Mse{});
  };
  return ae::detail::fit(layers, state, as_is, ae::detail::MatrixSource<double>(x), options,
                         ae::detail::FitParts(ae::L2{0.5}, parts...), 0, measure);
}

ae::History fit(const Matrix<double>& x, const ae::FitOptions& options, Layers& layers,
                ae::Scaler<double> scaler = {}) {
  ae::detail::TrainingState<double> state;
  return ae::detail::fit(layers, state, scaler, ae::detail::MatrixSource<double>(x), options,
                         ae::detail::FitParts(ae::L2{0.5}), 0, [](const auto&) { return 0.0; });
}

Layers small() {
  Layers layers({4, 2, 4});
  ae::detail::initialize(layers, ae::XavierUniform{}, 1);
  return layers;
}

}  // namespace

TEST_CASE("an epoch's data loss weighs every sample alike, the smaller last batch too") {
  const Matrix<double> x = Matrix<double>::Random(4, 7);
  Layers layers({4, 2, 4});  // zero weights and a rate near zero: the output stays zero
  const auto history = fit(x, {.epochs = 1, .batch_size = 3, .learning_rate = 1e-300}, layers);
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

TEST_CASE("the rate follows the schedule, and callbacks see every step and epoch") {
  Layers layers = small();
  Index epochs = 0, steps = 0;
  const auto look = [&](const ae::Progress& at) {
    CHECK(at.step == ++steps);
    CHECK(at.steps == 8);
    CHECK(at.done == static_cast<double>(steps) / 8);
    CHECK(at.epoch_ended == (steps % 2 == 0));
    if (at.epoch_ended) CHECK(at.history.back().epoch == epochs++);
  };
  const auto history = fit(Matrix<double>::Random(4, 10),
                           {.epochs = 4,
                            .batch_size = 5,
                            .learning_rate = 0.5,
                            .schedule = [](const ae::Progress& at) { return 1 - at.done; },
                            .callbacks = {look}},
                           layers);
  CHECK(epochs == 4);
  CHECK(steps == 8);
  CHECK(history[0].learning_rate == doctest::Approx(0.5 * (1 - 1.5 / 8)));
  CHECK(history[3].learning_rate == doctest::Approx(0.5 * (1 - 7.5 / 8)));
}

TEST_CASE("options out of range are refused with what was found") {
  Layers layers = small();
  const Matrix<double> x = Matrix<double>::Random(4, 6);
  const auto refused = [&](const ae::FitOptions& options) {
    return message_of<ae::OptionError>([&] { fit(x, options, layers); });
  };
  CHECK(says(refused({.epochs = 0}), "from 1 to", "found 0"));
  CHECK(says(refused({.batch_size = 0}), "batch size", "0"));
  CHECK(says(refused({.learning_rate = -1}), "rate above 0", "-1"));
  CHECK(says(refused({.learning_rate = std::nan("")}), "rate above 0"));
  CHECK(says(refused({.schedule = {}}), "schedule"));
  CHECK(says(message_of<ae::ShapeError>([&] { fit(Matrix<double>(4, 0), {}, layers); }),
             "at least one sample"));
  CHECK(says(message_of<ae::ShapeError>([&] { fit(Matrix<double>::Zero(5, 3), {}, layers); }),
             "4 features", "found 5"));
}

TEST_CASE("clipped gradients end elsewhere, and loose limits change nothing") {
  const Matrix<double> x = Matrix<double>::Random(4, 10) * 100;
  const auto weight = [&](const auto&... parts) -> Matrix<double> {
    Layers layers = small();
    ae::detail::TrainingState<double> state;
    fit(x, {.epochs = 3}, layers, state, parts...);
    return parameter_of(layers, 0, 0).value;
  };
  const Matrix<double> free = weight();
  CHECK(weight(ae::ClipGradients{.norm = 1e9}) == free);
  CHECK(weight(ae::ClipGradients{.norm = 1e-3}) != free);
  CHECK(weight(ae::ClipGradients{.value = 1e9}) == free);
  CHECK(weight(ae::ClipGradients{.value = 1e-3}) != free);
}

TEST_CASE("a fit that is stopped anywhere and goes on ends in the same bits") {
  const Matrix<double> x = Matrix<double>::Random(4, 23), held = Matrix<double>::Random(4, 7);
  const ae::FitOptions options{.epochs = 5,
                               .batch_size = 6,
                               .learning_rate = 0.02,
                               .schedule = ae::cosine(),
                               .ema_decay = 0.9,
                               .patience = 4};
  const ae::Validation validation(held);
  Layers whole = small();
  ae::detail::TrainingState<double> state;
  const auto history = fit(x, options, whole, state, validation);
  for (const Index last : {1, 3, 4, 5, 8, 19}) {
    Layers layers = small();
    ae::detail::TrainingState<double> stopped;
    ae::FitOptions until = options;
    until.callbacks = {[&](ae::Progress& at) { at.stop = at.step == last; }};
    const auto first = fit(x, until, layers, stopped, validation);
    CHECK(static_cast<Index>(first.size()) == last / 4);
    ae::FitOptions on = options;
    on.resume = true;
    const auto all = fit(x, on, layers, stopped, validation);
    CHECK(parameter_of(layers, 0, 0).value == parameter_of(whole, 0, 0).value);
    CHECK(parameter_of(layers, 1, 1).value == parameter_of(whole, 1, 1).value);
    REQUIRE(all.size() == history.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      CHECK(all[i].data_loss == history[i].data_loss);
      CHECK(all[i].validation == history[i].validation);
    }
  }
}

TEST_CASE("early stopping leaves exactly the best weights that were measured") {
  const Matrix<double> x = Matrix<double>::Random(4, 8), held = Matrix<double>::Random(4, 30);
  Layers layers = small();
  ae::detail::TrainingState<double> state;
  std::vector<Matrix<double>> seen;
  const auto history = fit(x,
                           {.epochs = 500,
                            .batch_size = 8,
                            .learning_rate = 0.1,
                            .patience = 3,
                            .callbacks = {[&](const ae::Progress& at) {
                              if (at.epoch_ended) seen.push_back(parameter_of(layers, 0, 0).value);
                            }}},
                           layers, state, ae::Validation(held));
  CHECK(history.size() < 500);
  std::size_t best = 0;
  for (std::size_t i = 0; i < history.size(); ++i) {
    if (history[i].validation < history[best].validation) best = i;
  }
  CHECK(best + 4 == history.size());
  CHECK(parameter_of(layers, 0, 0).value == seen[best]);
  const ae::detail::MatrixSource<double> source(held);
  CHECK(ae::detail::network_loss(ae::detail::layer_refs(layers),
                                 ae::detail::SourceRef<double>(source),
                                 ae::Mse{}) == history[best].validation);
}

TEST_CASE("a fit that is stopped when its patience ends does not go on") {
  const Matrix<double> x = Matrix<double>::Random(4, 8), held = Matrix<double>::Random(4, 30);
  const ae::FitOptions options{.epochs = 500, .batch_size = 8, .learning_rate = 0.1, .patience = 3};
  Layers whole = small(), cut = small();
  ae::detail::TrainingState<double> state, stopped;
  const auto last = static_cast<Index>(fit(x, options, whole, state, ae::Validation(held)).size());
  ae::FitOptions until = options;
  until.callbacks = {[&](ae::Progress& at) { at.stop = at.step == last; }};
  fit(x, until, cut, stopped, ae::Validation(held));
  ae::FitOptions on = options;
  on.resume = true;
  CHECK(static_cast<Index>(fit(x, on, cut, stopped, ae::Validation(held)).size()) == last);
  CHECK(parameter_of(cut, 0, 0).value == parameter_of(whole, 0, 0).value);
}

TEST_CASE("the average of the weights is what a fit ends with") {
  const Matrix<double> x = Matrix<double>::Random(4, 6);
  Layers layers = small();
  ae::detail::TrainingState<double> state;
  Matrix<double> mean = parameter_of(layers, 0, 0).value;
  double count = 0;
  fit(x,
      {.epochs = 20,
       .batch_size = 6,
       .learning_rate = 0.05,
       .ema_decay = 0.5,
       .callbacks = {[&](const ae::Progress&) {
         if (count == 0) mean = parameter_of(layers, 0, 0).value;
         const double kept = std::min(0.5, (1 + count) / (10 + count));
         ++count;
         mean += (1 - kept) * (Matrix<double>(parameter_of(layers, 0, 0).value) - mean);
       }}},
      layers, state);
  CHECK(parameter_of(layers, 0, 0).value.isApprox(mean, 1e-12));
}

TEST_CASE("a weight of a sample weighs its loss") {
  Matrix<double> x = Matrix<double>::Random(4, 6);
  Layers weighted = small(), repeated = small();
  ae::detail::TrainingState<double> one, other;
  fit(x,
      {.epochs = 1,
       .batch_size = 6,
       .learning_rate = 0.1,
       .order = ae::Order::sequential,
       .sample_weights = {2, 0, 1, 1, 1, 1}},
      weighted, one);
  x.col(1) = x.col(0);
  fit(x, {.epochs = 1, .batch_size = 6, .learning_rate = 0.1, .order = ae::Order::sequential},
      repeated, other);
  CHECK(Matrix<double>(parameter_of(weighted, 0, 0).value)
            .isApprox(parameter_of(repeated, 0, 0).value, 1e-12));
  const auto refused = [&](std::vector<double> weights) {
    return message_of([&] { fit(x, {.sample_weights = std::move(weights)}, weighted, one); });
  };
  CHECK(says(refused({1, 2}), "6 samples", "found 2"));
  CHECK(says(refused({1, 1, 1, -1, 1, 1}), "at least 0", "-1", "sample 3"));
}

TEST_CASE("validation samples are set aside, or the split is refused") {
  const Matrix<double> x = Matrix<double>::Random(4, 10);
  Layers layers = small();
  ae::detail::TrainingState<double> state;
  const auto history = fit(x, {.epochs = 2, .validation_split = 0.3}, layers, state);
  CHECK(std::isfinite(history[0].validation));
  CHECK(std::isnan(fit(x, {.epochs = 1}, layers, state)[0].validation));
  const auto refused = [&](const ae::FitOptions& options, const auto&... parts) {
    return message_of<ae::OptionError>([&] { fit(x, options, layers, state, parts...); });
  };
  CHECK(says(refused({.validation_split = 0.01}), "0.01", "10 samples", "none to measure"));
  CHECK(says(refused({.validation_split = 0.99}), "none to learn from"));
  CHECK(says(refused({.validation_split = 1}), "from 0 to below 1", "found 1"));
  CHECK(says(refused({.validation_split = -0.5}), "found -0.5"));
  CHECK(says(refused({.patience = 3}), "patience", "validation"));
  CHECK(says(refused({.patience = -1}), "patience", "-1"));
  CHECK(says(refused({.ema_decay = 1}), "ema_decay", "found 1"));
  CHECK(says(refused({.callbacks = {ae::Callback{}}}), "callback"));
  CHECK(says(refused({.validation_split = 0.5}, ae::Validation(x)), "both"));
  const Matrix<double> wide = Matrix<double>::Random(5, 3);
  CHECK(says(message_of<ae::ShapeError>([&] { fit(x, {}, layers, state, ae::Validation(wide)); }),
             "validation", "4 features", "found 5"));
}

TEST_CASE("a callback that throws leaves a model that can be trained on") {
  const Matrix<double> x = Matrix<double>::Random(4, 10);
  Layers layers = small(), other = small();
  ae::detail::TrainingState<double> state, unbroken;
  const ae::FitOptions options{.epochs = 2, .batch_size = 5};
  ae::FitOptions broken = options;
  broken.callbacks = {[](const ae::Progress& at) {
    if (at.step == 3) throw std::runtime_error("no more");
  }};
  CHECK_THROWS_WITH_AS(fit(x, broken, layers, state), "no more", std::runtime_error);
  ae::FitOptions on = options;
  on.resume = true;
  fit(x, on, layers, state);
  fit(x, options, other, unbroken);
  CHECK(parameter_of(layers, 0, 0).value == parameter_of(other, 0, 0).value);
}

TEST_CASE("a value that is not finite is named by sample and feature") {
  Matrix<double> x = Matrix<double>::Random(4, 10);
  x(2, 7) = std::nan("");
  Layers layers = small();
  CHECK(
      says(message_of<ae::DivergenceError>([&] { fit(x, {.epochs = 1, .batch_size = 4}, layers); }),
           "sample 7", "feature 2"));
}

TEST_CASE("a source is asked on another thread for what comes next") {
  struct Told {
    const Matrix<double>& x;
    std::atomic<Index>& samples_told;
    Index features() const { return x.rows(); }
    Index samples() const { return x.cols(); }
    void read(std::span<const Index> picks, ae::MatrixRef<double> to) const {
      for (std::size_t i = 0; i < picks.size(); ++i)
        to.col(static_cast<Index>(i)) = x.col(picks[i]);
    }
    void read_ahead(std::span<const Index> picks) const {
      samples_told += static_cast<Index>(picks.size());
      throw std::runtime_error("nobody hears this");
    }
  };
  const Matrix<double> x = Matrix<double>::Random(4, 60);
  std::atomic<Index> told = 0;
  Layers first = small(), second = small();
  ae::detail::TrainingState<double> one, two;
  ae::Scaler<double> none;
  const ae::FitOptions options{
      .epochs = 3, .batch_size = 5, .callbacks = {[](const auto&) {
                                      std::this_thread::sleep_for(std::chrono::milliseconds(1));
                                    }}};
  const auto measure = [](const auto&) { return 0.0; };
  ae::detail::fit(first, one, none, Told{x, told}, options, ae::detail::FitParts(), 0, measure);
  ae::detail::fit(second, two, none, ae::detail::MatrixSource<double>(x), options,
                  ae::detail::FitParts(), 0, measure);
  CHECK(told > 0);
  CHECK(told <= 3 * 55);  // all but the first batch of each epoch
  for (Index i = 0; i < 2; ++i) {
    first.visit(i, [&](const auto& a) {
      second.visit(i, [&](const auto& b) { CHECK((a.weight() == b.weight())); });
    });
  }
}
