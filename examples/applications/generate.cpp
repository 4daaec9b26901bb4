// Draws horses that never were: by a variational autoencoder, and by a plain one whose codes follow
// a mixture of Gaussians. Then asks an autoencoder that knows horses whether they are some.

#include <ae/io/model_file.hpp>
#include <ae/models/mixture.hpp>
#include <ae/models/variational.hpp>
#include <ae/parts/augmentation.hpp>
#include <ae/tools/anomaly.hpp>
#include <cstdio>
#include <iostream>

#include "common/horses.hpp"
#include "common/picture.hpp"
#include "common/scorer.hpp"

namespace {

namespace fs = std::filesystem;

using Pictures = ae::Matrix<float>;  // 1024 x count, 0..255
using Variational = ae::VariationalAutoencoder<>;

struct Settings : examples::CommonSettings {
  std::vector<ae::Index> layers = {1024, 500, 250, 24};
  double sigma = 30;
  double beta = 1;
  ae::Index components = 20;
};

/// Medians of what the scorer says of pictures; see common/scorer.hpp.
struct Judgement {
  const char* name;
  double error, upright;
};

void add_options(CLI::App& app, Settings& settings) {
  examples::add_layers(app, settings.layers);
  app.add_option("--sigma", settings.sigma, "deviation of a pixel, 0..255: the more, the smoother")
      ->check(examples::above_zero())
      ->capture_default_str();
  app.add_option("--beta", settings.beta, "weight of the divergence of the codes")
      ->check(examples::from_to(0, 1e6))
      ->capture_default_str();
  app.add_option("--components", settings.components,
                 "of the mixture of the plain autoencoder's codes")
      ->check(examples::from_to(1, 1e6))
      ->capture_default_str();
  examples::add_resume(app, settings);
  app.final_callback([&] { examples::require_layers(settings.layers); });
}

/// A mixture needs two horses for each component: to be found out before hours of training.
void require_components(const Settings& settings, ae::Index horses) {
  if (settings.components <= horses / 2) return;
  throw examples::wrong_option("--components", "expected at most " + std::to_string(horses / 2) +
                                                   " components for " + std::to_string(horses) +
                                                   " horses, found " +
                                                   std::to_string(settings.components));
}

/// Learns horses and their mirror images.
Variational train(const Pictures& horses, const Settings& settings, examples::Networks& networks) {
  Variational model(settings.layers, ae::GaussianLikelihood{.sigma = settings.sigma},
                    settings.seed);
  model.set_scaler(ae::Scaler<float>::fit(horses));
  networks.train("model", model, [&](bool resume, const auto& callbacks) {
    const ae::FitOptions options{.epochs = settings.epochs,
                                 .batch_size = 100,
                                 .learning_rate = 0.001,
                                 .schedule = ae::cosine(0.05),
                                 .seed = settings.seed,
                                 .resume = resume,
                                 .callbacks = callbacks};
    return model.fit(horses, options, ae::RandomFlipAndShift{},
                     ae::GaussianKl{.weight = settings.beta, .warmup = 0.2});
  });
  return model;
}

/// The plain autoencoder of the same sizes.
examples::Scorer train_plain(const Pictures& horses, const Settings& settings,
                             examples::Networks& networks) {
  return examples::train_scorer(
      horses, settings, networks, "plain",
      {.layers = settings.layers, .batch_size = 100, .learning_rate = 0.001, .l2 = 0});
}

/// From one horse to another, a row for each pair: the horse, the way between their codes, the
/// other horse.
void write_interpolations(const fs::path& path, const Variational& model, const Pictures& horses) {
  constexpr ae::Index steps = 8, columns = steps + 2;
  const ae::Index rows = std::min<ae::Index>(6, horses.cols() / 2);
  Pictures sheet(horses.rows(), rows * columns);
  for (ae::Index i = 0; i < rows; ++i) {
    const auto a = horses.col(2 * i), b = horses.col(2 * i + 1);
    sheet.middleCols(i * columns, columns) << a, model.interpolate(a, b, steps), b;
  }
  examples::write_sheet(path, sheet, {.columns = columns, .zoom = 3, .gap = 6});
}

void write_samples(const fs::path& path, const Pictures& samples) {
  const ae::Index count = std::min<ae::Index>(50, samples.cols());
  examples::write_sheet(path, samples.leftCols(count), {.columns = 10, .zoom = 3, .gap = 6});
}

Judgement judge(const char* name, const examples::Scorer& scorer, const Pictures& pictures) {
  return {.name = name,
          .error = ae::quantile(ae::score(scorer, pictures), 0.5),
          .upright = ae::quantile(examples::upright_scores(scorer, pictures), 0.5)};
}

void summarise(const Settings& settings, const ae::Evidence& evidence,
               const std::vector<Judgement>& judgements, examples::Json& summary) {
  summary["code_size"] = settings.layers.back();
  summary["sigma"] = settings.sigma;
  summary["beta"] = settings.beta;
  summary["test_log_likelihood"] = evidence.log_likelihood;
  summary["test_divergence"] = evidence.divergence;
  summary["test_lower_bound"] = evidence.lower_bound();
  for (const Judgement& one : judgements) {
    summary["median_error_of_" + std::string(one.name)] = one.error;
    summary["median_upright_of_" + std::string(one.name)] = one.upright;
  }
}

void print(const ae::Evidence& evidence) {
  std::printf(
      "evidence lower bound of the test horses: %.1f nats a picture\n"
      "  log-likelihood %.1f, divergence of the codes %.1f\n",
      evidence.lower_bound(), evidence.log_likelihood, evidence.divergence);
}

void print(const std::vector<Judgement>& judgements) {
  std::printf("medians of the scorer       error  upright\n");
  for (const Judgement& one : judgements) {
    std::printf("  %-22s %8.1f %8.3f\n", one.name, one.error, one.upright);
  }
}

int run(const examples::Horses& horses, const Settings& settings, examples::Json& summary) {
  require_components(settings, horses.train.samples());
  const Pictures learnt = horses.train.matrix(), test = horses.test.matrix();

  examples::Networks networks(settings.out, {"model", "plain", "scorer"}, settings.resume);
  std::cout << "the variational autoencoder learns\n";
  const Variational model = train(learnt, settings, networks);
  const ae::Evidence evidence = model.evidence(test, settings.seed);
  print(evidence);
  const Pictures samples = model.sample(1000, settings.seed);
  write_samples(settings.out / "samples.png", samples);
  write_interpolations(settings.out / "interpolations.png", model, test);

  std::cout << "the plain autoencoder learns\n";
  const examples::Scorer plain = train_plain(learnt, settings, networks);
  const auto codes = ae::GaussianMixture<>::fit(
      plain.encode(learnt), {.components = settings.components, .seed = settings.seed});
  const Pictures mixed = plain.decode(codes.sample(1000, settings.seed));
  write_samples(settings.out / "mixture.png", mixed);

  std::cout << "the scorer learns\n";
  const examples::Scorer scorer = examples::train_scorer(learnt, settings, networks, "scorer");
  const std::vector<Judgement> judgements = {judge("test_horses", scorer, test),
                                             judge("samples", scorer, samples),
                                             judge("mixture", scorer, mixed)};
  print(judgements);
  summarise(settings, evidence, judgements, summary);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings{{.out = "out/generate", .epochs = 100}};
  return examples::run_on_horses(
      argc, argv, {"generate", "Learns the horses of CIFAR-10, and draws new ones."}, settings,
      [&](CLI::App& app) { add_options(app, settings); },
      [&](const auto& horses, auto& summary) { return run(horses, settings, summary); });
}
