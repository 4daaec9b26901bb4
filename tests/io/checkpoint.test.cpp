#include "ae/io/checkpoint.hpp"

#include "ae/autoencoder.hpp"
#include "ae/models/variational.hpp"
#include "support/expect.hpp"

using ae::Index;
using ae::Matrix;

namespace {

using Model = ae::StackedAutoencoder<float>;

const Matrix<float> x = Matrix<float>::Random(10, 3) * Matrix<float>::Random(3, 47);

Model untrained() {
  Model model({10, 6, 3}, 2);
  model.set_scaler(ae::Scaler<float>::fit(x));
  return model;
}

const ae::FitOptions options{.epochs = 4,
                             .batch_size = 10,
                             .learning_rate = 5e-3,
                             .schedule = ae::cosine(),
                             .ema_decay = 0.9,
                             .validation_split = 0.2,
                             .patience = 3,
                             .seed = 5};

}  // namespace

TEST_CASE("a fit that goes on from a file ends in the same bits as one that was never stopped") {
  Model whole = untrained();
  const auto history = whole.fit(x, options, ae::Dropout{0.1});
  const TemporaryFolder folder;
  const auto path = folder / "fit.safetensors";
  for (const Index last : {1, 4, 7, 13}) {
    Model stopped = untrained();
    ae::FitOptions until = options;
    until.callbacks = {[&](ae::Progress& at) {
      if (at.step != last) return;
      ae::save_checkpoint(stopped, path);
      at.stop = true;
    }};
    stopped.fit(x, until, ae::Dropout{0.1});
    Model later({10, 6, 3});
    ae::load_checkpoint(later, path);
    ae::FitOptions on = options;
    on.resume = true;
    const auto all = later.fit(x, on, ae::Dropout{0.1});
    CHECK(all.size() == history.size());
    CHECK(all.back().data_loss == history.back().data_loss);
    for (Index i = 0; i < 4; ++i) CHECK(later.weight(i) == whole.weight(i));
    CHECK(later.reconstruct(x) == whole.reconstruct(x));
  }
}

TEST_CASE("a variational fit with a sigma that is learnt goes on in the same bits") {
  using Variational = ae::VariationalAutoencoder<float>;
  Variational whole({10, 6, 3}, {}, 2);
  whole.fit(x, options);
  for (const Index last : {2, 4, 7}) {
    Variational stopped({10, 6, 3}, {}, 2), later({10, 6, 3});
    ae::FitOptions until = options, on = options;
    std::string bytes;
    until.callbacks = {[&](ae::Progress& at) {
      if (at.step == last) bytes = ae::checkpoint_bytes(stopped);
      at.stop = at.step == last;
    }};
    stopped.fit(x, until);
    ae::restore_checkpoint(later, bytes, "bytes");
    on.resume = true;
    later.fit(x, on);
    CHECK(later.likelihood().sigma == whole.likelihood().sigma);
    CHECK(later.reconstruct(x) == whole.reconstruct(x));
  }
}

TEST_CASE("a fit that a callback stopped leaves the best weights, and goes on from the latest") {
  Model whole = untrained();
  const auto history = whole.fit(x, options, ae::Dropout{0.1});
  for (const bool from_file : {false, true}) {
    Model stopped = untrained();
    ae::FitOptions until = options, on = options;
    until.callbacks = {[&](ae::Progress& at) { at.stop = at.step == 9; }};
    stopped.fit(x, until, ae::Dropout{0.1});
    if (from_file) {
      const std::string bytes = ae::checkpoint_bytes(stopped);
      stopped = Model({10, 6, 3});
      ae::restore_checkpoint(stopped, bytes, "bytes");
    }
    on.resume = true;
    CHECK(stopped.fit(x, on, ae::Dropout{0.1}).back().data_loss == history.back().data_loss);
    CHECK(stopped.reconstruct(x) == whole.reconstruct(x));
  }
}

TEST_CASE("a fit with another plan does not go on") {
  Model model = untrained();
  ae::FitOptions until = options;
  until.callbacks = {[](ae::Progress& at) { at.stop = true; }};
  model.fit(x, until);
  const auto refused = [&](const ae::FitOptions& on) {
    return message_of<ae::OptionError>([&] { model.fit(x, on); });
  };
  ae::FitOptions on = options;
  on.resume = true;
  on.batch_size = 7;
  CHECK(says(refused(on), "batch_size 7 and not 10"));
  on.batch_size = 10;
  on.seed = 6;
  CHECK(says(refused(on), "seed 6 and not 5"));
  on.seed = 5;
  on.learning_rate = 1e-2;
  CHECK(says(refused(on), "learning_rate 0.01 and not 0.005"));
  on.learning_rate = options.learning_rate;
  on.validation_split = 0.5;
  CHECK(says(refused(on), "validation_split 0.5 and not 0.2"));
}

TEST_CASE("everything that a model has comes back") {
  Model model = untrained();
  model.set_threshold(1.5);
  Model other({10, 6, 3});
  ae::restore_checkpoint(other, ae::checkpoint_bytes(model), "bytes");
  CHECK(other.threshold() == model.threshold());
  CHECK(other.scaler().unit() == model.scaler().unit());
  CHECK(other.scaler().center() == model.scaler().center());
  CHECK(ae::checkpoint_bytes(other) == ae::checkpoint_bytes(model));
}

TEST_CASE("a scaler comes back with all that it has") {
  Model model = untrained(), other({10, 6, 3});
  for (const ae::Missing missing : {ae::Missing::refused, ae::Missing::allowed}) {
    for (const auto how : {ae::Scaling::common, ae::Scaling::standard}) {
      model.set_scaler(ae::Scaler<float>::fit(x, how, missing));
      ae::restore_checkpoint(other, ae::checkpoint_bytes(model), "bytes");
      CHECK(other.scaler().divisors() == model.scaler().divisors());
      CHECK(other.scaler().is_per_feature() == model.scaler().is_per_feature());
      CHECK(other.scaler().missing() == missing);
    }
  }
  ae::Scaler<float> none;
  none.set_missing(ae::Missing::allowed);
  model.set_scaler(none);
  ae::restore_checkpoint(other, ae::checkpoint_bytes(model), "bytes");
  CHECK(other.scaler().is_identity());
  CHECK(other.scaler().missing() == ae::Missing::allowed);
}

TEST_CASE("any seed comes back") {
  Model model = untrained();
  ae::FitOptions until = options;
  until.seed = ~std::uint64_t{0};
  until.callbacks = {[](ae::Progress& at) { at.stop = true; }};
  model.fit(x, until);
  Model other({10, 6, 3});
  ae::restore_checkpoint(other, ae::checkpoint_bytes(model), "bytes");
  CHECK(other.training().fit.plan == model.training().fit.plan);
}

TEST_CASE("a position that is none of the fit's is refused") {
  Model model = untrained();
  ae::FitOptions until = options;
  until.callbacks = {[](ae::Progress& at) { at.stop = at.step == 6; }};
  model.fit(x, until);
  const ae::SafeTensors good = ae::parse_safetensors(ae::checkpoint_bytes(model), "good");
  for (const auto& number : {std::pair{"fit.step", 4.0},
                             {"fit.epoch", 5.0},
                             {"fit.epoch", 0.0},
                             {"fit.best_epoch", 2.0},
                             {"fit.plan.epochs", 0.0}}) {
    CAPTURE(number.first);
    ae::SafeTensors file = good;
    file.tensors[number.first] = ae::to_tensor(Matrix<double>::Constant(1, 1, number.second));
    Model other({10, 6, 3});
    ae::restore_checkpoint(other, ae::safetensors_bytes(file, "x"), "x");
    ae::FitOptions on = options;
    on.resume = true;
    CHECK(says(message_of<ae::OptionError>([&] { other.fit(x, on); }), "resume"));
  }
}

TEST_CASE("a checkpoint of other layers is refused") {
  const Model model({10, 10, 10});
  Model flat({10, 10});
  CHECK(says(message_of<ae::FileError>(
                 [&] { ae::restore_checkpoint(flat, ae::checkpoint_bytes(model), "x"); }),
             "layers", "expected", "found"));
}

TEST_CASE("a file that is no checkpoint of such a model is refused, and the model is as it was") {
  Model model = untrained();
  model.fit(x, {.epochs = 1});
  const std::string bytes = ae::checkpoint_bytes(model);
  const auto refused = [&](const ae::SafeTensors& file) {
    const std::string before = ae::checkpoint_bytes(model);
    const std::string message = message_of<ae::FileError>(
        [&] { ae::restore_checkpoint(model, ae::safetensors_bytes(file, "x"), "x"); });
    CHECK(ae::checkpoint_bytes(model) == before);
    return message;
  };
  const ae::SafeTensors good = ae::parse_safetensors(bytes, "good");
  const auto without = [&](const std::string& name) {
    ae::SafeTensors file = good;
    file.tensors.erase(name);
    return refused(file);
  };
  const auto with = [&](const std::string& name, const Matrix<double>& value) {
    ae::SafeTensors file = good;
    file.tensors[name] = ae::to_tensor(value);
    return refused(file);
  };
  CHECK(says(without("weights.0.0"), "weights.0.0", "none"));
  CHECK(says(without("first.2.1"), "first.2.1"));
  CHECK(says(without("steps"), "steps"));
  CHECK(says(without("fit.history"), "fit.history"));
  CHECK(says(with("weights.1.0", Matrix<double>::Zero(3, 6)), "weights.1.0", "F32", "F64"));
  CHECK(says(with("steps", Matrix<double>::Constant(1, 1, -3)), "steps", "whole number", "-3"));
  CHECK(says(with("steps", Matrix<double>::Constant(1, 1, 0.5)), "steps", "0.5"));
  CHECK(
      says(with("fit.history", Matrix<double>::Zero(2, 5)), "fit.history", "rows of 6", "[2, 5]"));
  CHECK(says(with("fit.history", Matrix<double>::Constant(1, 6, -5e303)), "fit.history",
             "whole number", "-5e+303"));
  CHECK(says(with("fit.plan.sequential", Matrix<double>::Constant(1, 1, 2)), "0 to 1", "found 2"));
  CHECK(
      says(with("threshold", Matrix<double>::Constant(1, 1, std::nan(""))), "threshold", "finite"));
  CHECK(says(with("more", Matrix<double>::Zero(1, 1)), "no tensors but", "more"));
  ae::SafeTensors other = good;
  other.metadata["format"] = "ae checkpoint 9";
  CHECK(says(refused(other), "ae checkpoint 1", "ae checkpoint 9"));
  Model smaller({10, 4});
  CHECK(says(message_of<ae::FileError>([&] { ae::restore_checkpoint(smaller, bytes, "file"); }),
             "file, layers", R"("outputs":4)", R"("outputs":6)"));
}
