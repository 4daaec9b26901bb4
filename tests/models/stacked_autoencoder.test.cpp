#include <cstdlib>
#include <thread>

#include "ae/autoencoder.hpp"
#include "ae/detail/data/subset.hpp"
#include "ae/models/pca.hpp"
#include "support/allocations.hpp"
#include "support/expect.hpp"

#ifdef _OPENMP
#include <omp.h>
#endif

using ae::Index;
using ae::Matrix;
using ae::StackedAutoencoder;

namespace {

/// Samples that lie near a plane of `rank` dimensions.
template <class Scalar>
Matrix<Scalar> low_rank(Index features, Index rank, Index samples) {
  std::srand(11);
  return Matrix<Scalar>::Random(features, rank) * Matrix<Scalar>::Random(rank, samples) +
         Scalar(0.1) * Matrix<Scalar>::Random(features, samples);
}

void set_threads([[maybe_unused]] int threads) {
#ifdef _OPENMP
  omp_set_num_threads(threads);
#endif
}

template <class Model>
bool same_parameters(const Model& a, const Model& b) {
  bool same = true;
  for (Index i = 0; i < a.layers(); ++i) {
    same = same && a.weight(i) == b.weight(i) && a.bias(i) == b.bias(i);
  }
  return same;
}

}  // namespace

TEST_CASE("sizes make the mirrored network") {
  const StackedAutoencoder model({1024, 300, 150});
  CHECK(model.features() == 1024);
  CHECK(model.code_size() == 150);
  CHECK(model.layers() == 4);
  CHECK(model.weight(0).rows() == 300);
  CHECK(model.weight(3).rows() == 1024);
  CHECK(model.bias(3).isZero());
  CHECK(model.encode(Matrix<float>::Zero(1024, 3)).rows() == 150);
}

TEST_CASE_TEMPLATE("training lowers the loss, and another fit goes on", Scalar, float, double) {
  const Matrix<Scalar> x = low_rank<Scalar>(12, 3, 400);
  StackedAutoencoder<Scalar> model({12, 8, 3}, 1);
  const double before = model.evaluate(x);
  const auto first = model.fit(x, {.epochs = 20, .batch_size = 32, .learning_rate = 3e-3});
  const auto second = model.fit(x, {.epochs = 20, .batch_size = 32, .learning_rate = 3e-3});
  CHECK(first.back().data_loss < 0.5 * before);
  CHECK(second.front().epoch == 20);
  CHECK(second.front().data_loss < 1.1 * first.back().data_loss);
  CHECK(second.back().data_loss < first.back().data_loss);
  CHECK(model.evaluate(x) == doctest::Approx(second.back().data_loss).epsilon(0.2));
}

TEST_CASE("two fits with a constant rate end in the bits of one") {
  const Matrix<float> x = low_rank<float>(12, 3, 100);
  StackedAutoencoder once({12, 6, 3}, 1), twice = once;
  once.fit(x, {.epochs = 6, .batch_size = 32});
  twice.fit(x, {.epochs = 2, .batch_size = 32});
  twice.fit(x, {.epochs = 4, .batch_size = 32});
  CHECK(same_parameters(once, twice));
}

TEST_CASE("the same seed gives the same bits, whatever the number of threads") {
  const Matrix<float> x = low_rank<float>(200, 10, 333);
  const auto train = [&](std::uint64_t seed, int threads) {
    set_threads(threads);
    StackedAutoencoder model({200, 96, 40}, seed);
    model.set_scaler(ae::Scaler<float>::fit(x));
    model.fit(x, {.epochs = 3, .batch_size = 100, .seed = seed}, ae::L2{1e-4});
    set_threads(2);
    return model;
  };
  const auto one = train(5, 1);
  CHECK(same_parameters(one, train(5, 1)));
  CHECK(same_parameters(one, train(5, 2)));
  CHECK(same_parameters(one, train(5, 2)));
  CHECK(same_parameters(one, train(5, 3)));
  CHECK_FALSE(same_parameters(one, train(6, 1)));
  set_threads(1);
  const Matrix<float> y = one.reconstruct(x);
  set_threads(2);
  CHECK(one.reconstruct(x) == y);
}

TEST_CASE("a linear autoencoder comes within 2% of PCA") {
  using Linear = StackedAutoencoder<double, ae::Stack<double, ae::Identity>>;
  const Matrix<double> x = low_rank<double>(12, 5, 500);
  Linear model({12, 3}, 1);
  model.set_scaler(ae::Scaler<double>::fit(x));
  model.fit(x, {.epochs = 300, .batch_size = 100, .learning_rate = 0.02, .schedule = ae::cosine()});
  const double pca = ae::Pca<double>::fit(x, 3).evaluate(x);
  CHECK(model.evaluate(x) >= pca * (1 - 1e-9));
  CHECK(model.evaluate(x) <= 1.02 * pca);
}

TEST_CASE("a fit that is asked to fits the scaler to the samples that it learns from") {
  const Matrix<float> x = (low_rank<float>(12, 3, 100).array() * 40 + 120).matrix();
  StackedAutoencoder model({12, 8, 3}, 1), other = model;
  model.set_scaler(ae::Scaler<float>::fit(x));
  model.fit(x, {.epochs = 2});
  other.fit(x, {.epochs = 2, .scaling = ae::Scaling::common});
  CHECK(same_parameters(model, other));
  CHECK(other.scaler().center() == model.scaler().center());
  CHECK(other.scaler().unit() == model.scaler().unit());

  Matrix<float> outlying = x;
  outlying.col(7).setConstant(1e6f);
  const ae::detail::MatrixSource<float> source(outlying);
  const auto train = ae::detail::split(source, 0.5, 4).train;
  other.fit(outlying,
            {.epochs = 1, .scaling = ae::Scaling::common, .validation_split = 0.5, .seed = 4});
  CHECK(other.scaler().center() == ae::Scaler<float>::fit(train).center());
}

TEST_CASE("a fit that is refused or goes on leaves the scaler as it is") {
  const Matrix<float> x = low_rank<float>(12, 3, 100);
  StackedAutoencoder model({12, 8, 3}, 1);
  const ae::FitOptions wrong{.batch_size = 0, .scaling = ae::Scaling::common};
  CHECK_THROWS_AS(model.fit(x, wrong), ae::OptionError);
  CHECK(model.scaler().is_identity());
  const auto stop = [](ae::Progress& at) { at.stop = at.step == 2; };
  model.fit(x,
            {.epochs = 2, .batch_size = 50, .scaling = ae::Scaling::common, .callbacks = {stop}});
  const ae::Vector<float> mean = model.scaler().center();
  model.fit((x.array() + 1).matrix(),
            {.epochs = 2, .batch_size = 50, .scaling = ae::Scaling::common, .resume = true});
  CHECK(model.scaler().center() == mean);
}

TEST_CASE("a fit that resumes where nothing was stopped fits the scaler") {
  const Matrix<float> x = low_rank<float>(12, 3, 100);
  StackedAutoencoder model({12, 8, 3}, 1);
  model.fit(x, {.epochs = 1, .scaling = ae::Scaling::common, .resume = true});
  CHECK(model.scaler().center() == ae::Scaler<float>::fit(x).center());
}

TEST_CASE("where nothing is learnt the scaler stays with its weights") {
  const Matrix<float> x = low_rank<float>(12, 3, 100);
  StackedAutoencoder model({12, 8, 3}, 1);
  model.fit(x, {.epochs = 1, .scaling = ae::Scaling::common});
  const ae::Vector<float> mean = model.scaler().center();
  const auto refused = [&](const Matrix<float>& data, ae::FitOptions options) {
    options.scaling = ae::Scaling::common;
    CHECK_THROWS_AS(model.fit(data, options), ae::Error);
    CHECK(model.scaler().center() == mean);
    CHECK_THROWS_AS(model.pretrain(data, options), ae::Error);
    CHECK(model.scaler().center() == mean);
  };
  const Matrix<float> moved = (x.array() + 9).matrix();
  refused(moved, {.batch_size = 0});
  refused(moved, {.schedule = [](const ae::Progress&) { return std::nan(""); }});
  refused(moved.topRows(7), {});
}

TEST_CASE("pretraining fits the scaler too") {
  const Matrix<float> x = (low_rank<float>(12, 3, 100).array() * 40 + 120).matrix();
  StackedAutoencoder model({12, 8, 3}, 1), other = model;
  model.set_scaler(ae::Scaler<float>::fit(x));
  model.pretrain(x, {.epochs = 2});
  other.pretrain(x, {.epochs = 2, .scaling = ae::Scaling::common});
  CHECK(same_parameters(model, other));
}

TEST_CASE("data far from 1 without a scaler are warned of, once") {
  const Matrix<float> x = (low_rank<float>(12, 3, 100).array() * 40 + 120).matrix();
  std::vector<std::string> told;
  ae::FitOptions options{.epochs = 1, .learning_rate = 1e-5};
  options.warn = [&](const std::string& text) { told.push_back(text); };
  StackedAutoencoder model({12, 8, 3}, 1), scaled = model, silent = model;
  model.fit(x, options);
  REQUIRE(told.size() == 1);
  CHECK(says(told[0], "root mean square of 1", "Scaling::standard"));
  model.fit(x, options);
  CHECK(told.size() == 1);
  scaled.set_scaler(ae::Scaler<float>::fit(x));
  scaled.fit(x, options);
  StackedAutoencoder({12, 8, 3}, 1).fit(x / 100, options);
  CHECK(told.size() == 1);
  options.warn = nullptr;
  silent.fit(x, options);
}

TEST_CASE("layers of the caller's own types make a model") {
  using namespace ae;
  Chain encoder(Dense<double, Tanh>(6, 4), Dense<double, Sigmoid>(4, 2));
  initialize(encoder, XavierNormal{}, 1);
  Dense<double> decoder(2, 6);
  decoder.initialize(XavierNormal{}, Random(2, Purpose::initialise));
  StackedAutoencoder model(encoder, Chain(decoder));
  CHECK(model.code_size() == 2);
  const Matrix<double> x = low_rank<double>(6, 2, 200);
  const double before = model.evaluate(x);
  model.fit(x, {.epochs = 30, .batch_size = 20, .learning_rate = 1e-2});
  CHECK(model.evaluate(x) < 0.7 * before);
  CHECK((model.encode(x).array() > 0).all());
}

TEST_CASE("a code decodes to the reconstruction, in the units of the data") {
  const Matrix<float> x = (low_rank<float>(12, 3, 100).array() * 40 + 120).matrix();
  StackedAutoencoder model({12, 8, 3}, 1);
  model.set_scaler(ae::Scaler<float>::fit(x));
  model.fit(x, {.epochs = 50, .batch_size = 25, .learning_rate = 1e-2});
  CHECK(model.reconstruct(x) == model.decode(model.encode(x)));
  CHECK(model.reconstruct(x).mean() == doctest::Approx(x.mean()).epsilon(0.02));
  CHECK(model.evaluate(x) ==
        doctest::Approx((model.reconstruct(x) - x).squaredNorm() / static_cast<float>(x.size())));
}

TEST_CASE("weights and biases can be read and set") {
  StackedAutoencoder model({5, 4, 3});
  const Matrix<float> weight = Matrix<float>::Random(4, 5);
  const ae::Vector<float> bias = ae::Vector<float>::Random(4);
  model.set_weight(0, weight);
  model.set_bias(0, bias);
  CHECK(model.weight(0) == weight);
  CHECK(model.bias(0) == bias);
  CHECK(says(message_of<ae::ShapeError>([&] { model.set_weight(0, weight.transpose()); }), "4 x 5",
             "5 x 4"));
  CHECK(says(message_of<ae::ShapeError>([&] { (void)model.weight(4); }), "from 0 to 3", "4"));
}

TEST_CASE("shapes that do not fit are refused with both numbers") {
  StackedAutoencoder model({5, 4, 3});
  const auto says_shapes = [](auto f, const auto&... pieces) {
    return says(message_of<ae::ShapeError>(f), pieces...);
  };
  CHECK(says_shapes([&] { (void)model.encode(Matrix<float>::Zero(6, 2)); }, "5", "6 x 2"));
  CHECK(says_shapes([&] { (void)model.decode(Matrix<float>::Zero(5, 2)); }, "3", "5 x 2"));
  CHECK(says_shapes([&] { model.fit(Matrix<float>::Zero(6, 2)); }, "5", "6"));
  CHECK(says_shapes([&] { model.fit(Matrix<float>::Zero(5, 0)); }, "at least one sample"));
  CHECK(says_shapes([&] { (void)model.evaluate(Matrix<float>::Zero(5, 0)); }, "one sample"));
  CHECK(says_shapes([] { StackedAutoencoder({5}); }, "two sizes"));
  CHECK(says_shapes([] { StackedAutoencoder({5, 0, 3}); }, "0"));
  CHECK(says_shapes([] { StackedAutoencoder(ae::Stack({4, 2}), ae::Stack({2, 5})); }, "4", "5"));
  CHECK(says_shapes([&] { model.set_scaler(ae::Scaler<float>(ae::Vector<float>::Zero(4), 1)); },
                    "5", "4"));
}

TEST_CASE("a loss that is no longer finite stops training at the last finite state") {
  const Matrix<float> x = low_rank<float>(12, 3, 100) * 100;
  StackedAutoencoder model({12, 8, 3}, 1);
  const StackedAutoencoder start = model;
  try {
    model.fit(x, {.epochs = 50, .batch_size = 10, .learning_rate = 1e18});
    FAIL("expected a DivergenceError");
  } catch (const ae::DivergenceError& error) {
    CHECK(says(error.what(), "epoch", "step", "last finite state"));
    CHECK(error.epoch == 0);  // so the latest start of an epoch is the start of all
    CHECK(error.step >= 0);
    CHECK(error.step < 10);
    CHECK(error.layer >= 0);
  }
  CHECK(same_parameters(model, start));
  for (Index i = 0; i < model.layers(); ++i) CHECK(model.weight(i).allFinite());
  CHECK_NOTHROW(model.fit(x, {.epochs = 1, .batch_size = 10, .learning_rate = 1e-4}));
}

TEST_CASE("the layer that breaks is named") {
  StackedAutoencoder model({6, 4, 2}, 1);
  model.set_weight(1, Matrix<float>::Constant(2, 4, 3e38f));
  const Matrix<float> x = Matrix<float>::Ones(6, 3) * 100;
  try {
    model.fit(x, {.epochs = 1});
    FAIL("expected a DivergenceError");
  } catch (const ae::DivergenceError& error) {
    CHECK(error.layer == 1);
    CHECK(error.epoch == 0);
    CHECK(error.step == 0);
    CHECK(says(error.what(), "layer 1 (2 x 4, elu)"));
  }
}

TEST_CASE("a NaN among the data is said to be one") {
  StackedAutoencoder model({6, 4, 2}, 1);
  Matrix<float> x = Matrix<float>::Random(6, 30);
  x(2, 17) = std::nanf("");
  const auto kept = model;
  CHECK(says(message_of<ae::DivergenceError>([&] { model.fit(x, {.epochs = 2}); }), "the data"));
  CHECK(same_parameters(kept, model));
}

TEST_CASE("after the first epoch a training step allocates nothing") {
  const Matrix<float> x = low_rank<float>(256, 10, 350);
  StackedAutoencoder model({256, 120, 50}, 1);
  model.set_scaler(ae::Scaler<float>::fit(x));
  long before = 0, after = 0;
  model.fit(x, {.epochs = 4, .batch_size = 100, .callbacks = {[&](const ae::Progress& at) {
                                                  if (at.epoch_ended && at.epoch == 0) {
                                                    before = allocations();
                                                    Eigen::internal::set_is_malloc_allowed(false);
                                                  }
                                                  if (at.epoch_ended && at.epoch == 3) {
                                                    Eigen::internal::set_is_malloc_allowed(true);
                                                    after = allocations();
                                                  }
                                                }}},
            ae::L2{1e-4});
  CHECK(after == before);
}

TEST_CASE("Eigen's watch over allocations is awake") {
  Eigen::internal::set_is_malloc_allowed(false);
  CHECK_THROWS_AS(Matrix<float>::Zero(30, 30).eval(), std::logic_error);
  Eigen::internal::set_is_malloc_allowed(true);
}

namespace {

/// A layer of the caller's own: y = gain * x, element by element.
class Gain {
  using View = ae::linalg::View<float>;
  using ConstView = ae::linalg::ConstView<float>;
  using Epilogue = ae::linalg::EpilogueRef<float>;

 public:
  using Scalar = float;
  static constexpr Index parameters = 1;

  explicit Gain(Index size) : gain_(ae::Vector<float>::Ones(size)) {}
  Index inputs() const { return gain_.size(); }
  Index outputs() const { return gain_.size(); }
  std::string_view name() const { return "gain"; }
  ae::Parameter<float> parameter(Index) { return {"gain", {gain_.data(), gain_.size(), 1}, false}; }
  ae::Parameter<const float> parameter(Index) const {
    return {"gain", {gain_.data(), gain_.size(), 1}, false};
  }

  void forward(ae::Product<float>&, ConstView x, View y, View, const Epilogue& finish) const {
    y = gain_.asDiagonal() * x;
    finish(y, {0, y.rows()}, {0, y.cols()});
  }
  void differentiate(View, ConstView) const {}
  void backward_input(ae::Product<float>&, ConstView dz, View dx, const Epilogue& finish) const {
    dx = gain_.asDiagonal() * dz;
    finish(dx, {0, dx.rows()}, {0, dx.cols()});
  }
  void backward_parameters(ae::Product<float>&, ConstView x, ConstView dz,
                           const auto& epilogues) const {
    ae::Vector<float> sums = x.cwiseProduct(dz).rowwise().sum();
    epilogues(0)(ae::linalg::view(sums), {0, sums.size()}, {0, 1});
  }

 private:
  ae::Vector<float> gain_;
};

}  // namespace

TEST_CASE("a layer of the caller's own takes part, as the last one too") {
  const Matrix<float> x = low_rank<float>(200, 4, 50);
  ae::Dense<float, ae::Elu> encoder(200, 10);
  ae::Dense<float> decoder(10, 200);
  encoder.initialize(ae::XavierUniform{}, ae::Random(1, ae::Purpose::initialise));
  decoder.initialize(ae::XavierUniform{}, ae::Random(2, ae::Purpose::initialise));
  StackedAutoencoder model(encoder, ae::Chain(decoder, Gain(200)));
  const double before = model.evaluate(x);
  const auto history = model.fit(x, {.epochs = 30, .batch_size = 50, .learning_rate = 1e-2});
  CHECK(history[0].data_loss == doctest::Approx(before).epsilon(1e-5));
  CHECK(history.back().data_loss < 0.5 * before);
}

TEST_CASE("bare layers make an autoencoder") {
  const StackedAutoencoder model(ae::Dense<float, ae::Elu>(20, 4), ae::Dense<float>(4, 20));
  CHECK(model.code_size() == 4);
  const Matrix<float> x = Matrix<float>::Ones(20, 3);
  CHECK(model.evaluate(x) == doctest::Approx((model.reconstruct(x) - x).squaredNorm() / 60));
}

TEST_CASE("numbers outside their range are refused before training") {
  const Matrix<float> x = Matrix<float>::Random(6, 10);
  StackedAutoencoder model({6, 3});
  const auto refused = [&](const ae::FitOptions& options, const auto& part) {
    return message_of<ae::OptionError>([&] { model.fit(x, options, part); });
  };
  CHECK(says(refused({}, ae::L2{-5}), "lambda", "-5"));
  CHECK(says(refused({}, ae::Adam{.beta1 = 1}), "betas"));
  CHECK(says(refused({}, ae::Adam{.epsilon = 0}), "epsilon"));
  CHECK(says(refused({.schedule = [](const ae::Progress&) { return std::nan(""); }}, ae::L2{}),
             "schedule"));
}

TEST_CASE("a workspace of rounded products gives nearly the same reconstructions") {
  const StackedAutoencoder<float> model({200, 100, 80}, 2);
  const Matrix<float> x = Matrix<float>::Random(200, 150), y = model.reconstruct(x);
  ae::Workspace<float> workspace(ae::Precision::bfloat16);
  const Matrix<float> rounded = model.reconstruct(x, workspace);
  CHECK((rounded - y).norm() < 0.01F * y.norm());
  CHECK(rounded != y);
}

TEST_CASE("one model serves many threads") {
  const Matrix<float> x = low_rank<float>(64, 5, 90);
  const StackedAutoencoder model({64, 30, 10}, 1);
  const Matrix<float> expected = model.reconstruct(x);
  std::array<Matrix<float>, 4> found;
  {
    std::vector<std::jthread> threads;
    for (auto& y : found) threads.emplace_back([&] { y = model.reconstruct(x); });
  }
  for (const auto& y : found) CHECK(y == expected);
}

TEST_CASE("layers of the caller's own that are all zero are drawn, others stay as they are") {
  using Layers = ae::Stack<float, ae::Elu, ae::Identity>;
  const ae::StackedAutoencoder drawn(Layers({8, 4, 2}), Layers({2, 8}));
  for (ae::Index i = 0; i < 3; ++i) CHECK_FALSE(drawn.weight(i).isZero());
  CHECK(drawn.weight(0) == ae::StackedAutoencoder({8, 4, 2}, 0).weight(0));
  const ae::StackedAutoencoder other(Layers({8, 4, 2}), Layers({2, 8}), 1);
  CHECK(other.weight(0) != drawn.weight(0));
  Layers one({8, 2});
  one.visit(0, [](auto& layer) { layer.set_weight(ae::Matrix<float>::Identity(2, 8)); });
  const ae::StackedAutoencoder kept(one, Layers({2, 8}));
  CHECK(kept.weight(0) == ae::Matrix<float>::Identity(2, 8));
  CHECK(kept.weight(1).isZero());
}

TEST_CASE("validation data that are not finite are refused with their sample") {
  ae::StackedAutoencoder model({8, 4, 2});
  const ae::Matrix<float> samples = ae::Matrix<float>::Random(8, 30);
  ae::Matrix<float> bad = samples;
  bad(5, 7) = std::nanf("");
  CHECK(says(message_of<ae::DataError>(
                 [&] { model.fit(samples, {.epochs = 50, .patience = 3}, ae::Validation{bad}); }),
             "sample 7", "feature 5"));
}

TEST_CASE("doubles that floats cannot tell apart are refused, and not learnt as constants") {
  ae::Matrix<double> times = ae::Matrix<double>::Random(8, 30);
  ae::StackedAutoencoder model({8, 4, 2});
  const ae::FitOptions options{.epochs = 1, .scaling = ae::Scaling::standard, .warn = nullptr};
  CHECK_NOTHROW(model.fit(times, options));
  times.row(3).array() += 1'600'000'000;
  CHECK(says(message_of<ae::DataError>([&] { model.fit(times, options); }),
             "feature 3 around 1.6e+09", "a model of double"));
  times.row(3).setConstant(1'600'000'001);
  CHECK_NOTHROW(model.fit(times, options));  // constant it is
  times.row(3) = 1'600'000'000 + ae::Matrix<double>::Random(1, 30).array() * 1e6;
  CHECK_NOTHROW(model.fit(times, options));
  ae::StackedAutoencoder<double> finer({8, 4, 2});
  times.row(3) = 1'600'000'000 + ae::Matrix<double>::Random(1, 30).array();
  CHECK_NOTHROW(finer.fit(times, options));
}
