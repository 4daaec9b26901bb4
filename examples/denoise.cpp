// A denoising autoencoder: it is shown windows of horses with noise on them, afresh in every step,
// and learns to give the clean ones back. Then it glides over noisy horses that it has never seen.

#include <cstdio>
#include <iostream>

#include "ae/autoencoder.hpp"
#include "ae/data/metrics.hpp"
#include "ae/io/model_file.hpp"
#include "ae/models/pca.hpp"
#include "ae/parts/augmentation.hpp"
#include "ae/parts/corruption.hpp"
#include "horses.hpp"
#include "picture.hpp"
#include "windows.hpp"

namespace {

namespace fs = std::filesystem;
using ae::Index;
using Pictures = ae::Matrix<float>;

/// The code is wider than the window: it is the noise that keeps the network from copying.
using Model = ae::StackedAutoencoder<float, ae::Stack<float, ae::Gelu>>;
constexpr Index side = 8;
const std::vector<Index> layers = {side * side, 256, 256};

struct Settings : examples::CommonSettings {
  double sigma = 25;
  Index windows = 100;
};

/// Means over pictures.
struct Figures {
  double psnr, ssim;
};

/// A way to clean pictures, and what it makes of the test horses.
struct Cleaned {
  Pictures pictures;
  Figures figures;
  Index components = 0;
};

Settings parse(int argc, char** argv) {
  Settings settings{{.out = "out/denoise", .epochs = 6}};
  CLI::App app("Trains a denoising autoencoder on windows of the horses of CIFAR-10.");
  examples::add_common_options(app, settings);
  app.add_option("--sigma", settings.sigma, "deviation of the noise, in gray levels of 255")
      ->check(CLI::Range(1, 255))
      ->capture_default_str();
  app.add_option("--windows", settings.windows, "windows of a picture to learn from")
      ->check(CLI::Range(1, 625))
      ->capture_default_str();
  examples::parse(app, argc, argv);
  return settings;
}

Pictures with_noise(Pictures pictures, const Settings& settings, std::uint32_t stream) {
  const ae::Random random(settings.seed, ae::Purpose::draw, stream);
  ae::GaussianNoise{settings.sigma}.corrupt(pictures, random, 0);
  return pictures;
}

Figures measure(const Pictures& pictures, const Pictures& clean) {
  return {ae::psnr(pictures, clean, 255).mean(),
          ae::ssim(pictures, clean, ae::Pictures::side, 255).mean()};
}

ae::History train(Model& model, const Pictures& horses, const Settings& settings) {
  const examples::Windows windows(horses, side, settings.windows, settings.seed);
  model.set_scaler(ae::Scaler<float>::fit(windows));
  const auto print = [&](ae::Progress& progress) {
    if (!progress.epoch_ended) return;
    const ae::EpochReport& epoch = progress.history.back();
    std::printf("epoch %3td  loss %8.1f  rate %.5f  %6.1f s\n", epoch.epoch, epoch.data_loss,
                epoch.learning_rate, epoch.seconds);
    std::fflush(stdout);
  };
  std::vector<ae::Callback> callbacks = examples::bar_on_terminal();
  callbacks.push_back(print);
  return model.fit(windows,
                   {.epochs = settings.epochs,
                    .batch_size = 150,
                    .learning_rate = 3e-3,
                    .schedule = ae::cosine(0.05),
                    .seed = settings.seed,
                    .callbacks = callbacks},
                   ae::AdamW{.decay = 1e-3}, ae::GaussianNoise{settings.sigma},
                   ae::RandomFlipAndShift{side});
}

/// What the first components keep of x.
Pictures keep(const ae::Pca<>& pca, Index components, const Pictures& x) {
  const auto basis = pca.components().leftCols(components);
  const Pictures codes = basis.transpose() * (x.colwise() - pca.mean());
  return (basis * codes).colwise() + pca.mean();
}

/// PCA as a denoiser, with as many components as clean noisy training horses best;
/// `clean(pictures, components)`.
Cleaned clean_by_pca(const Pictures& noisy, const Pictures& test, const Pictures& noisy_train,
                     const Pictures& train, Index most, const auto& clean) {
  Cleaned result{};
  double best = 0;
  for (Index components = 1; components <= most; components += std::max<Index>(1, most / 100)) {
    const double psnr = ae::psnr(clean(noisy_train, components), train, 255).mean();
    if (psnr <= best) continue;
    best = psnr;
    result.components = components;
  }
  result.pictures = clean(noisy, result.components);
  result.figures = measure(result.pictures, test);
  return result;
}

struct Result {
  Figures noisy;
  Cleaned network, pca, window_pca;
};

Result compare(const Model& model, const Pictures& train, const Pictures& test,
               const Pictures& noisy, const Settings& settings) {
  const Pictures some = train.leftCols(std::min<Index>(200, train.cols()));
  const Pictures noisy_some = with_noise(some, settings, 1);
  const auto pca = ae::Pca<>::fit(train, ae::Pictures::pixels);
  const auto window_pca =
      ae::Pca<>::fit(examples::Windows(train, side, settings.windows, settings.seed), side * side);

  Result result{};
  result.noisy = measure(noisy, test);
  result.network.pictures =
      examples::glide(noisy, side, [&](const auto& x) { return model.reconstruct(x); });
  result.network.figures = measure(result.network.pictures, test);
  result.pca =
      clean_by_pca(noisy, test, noisy_some, some, ae::Pictures::pixels,
                   [&](const Pictures& x, Index components) { return keep(pca, components, x); });
  result.window_pca = clean_by_pca(
      noisy, test, noisy_some, some, side * side, [&](const Pictures& x, Index components) {
        return examples::glide(
            x, side, [&](const auto& windows) { return keep(window_pca, components, windows); });
      });
  return result;
}

void print(const Result& result) {
  const auto line = [](const std::string& what, const Figures& figures) {
    std::printf("%-46s %6.2f dB  SSIM %.3f\n", what.c_str(), figures.psnr, figures.ssim);
  };
  line("noisy test horses", result.noisy);
  line(ae::detail::text("PCA of pictures, ", result.pca.components, " components"),
       result.pca.figures);
  line(ae::detail::text("PCA of the same windows, ", result.window_pca.components, " components"),
       result.window_pca.figures);
  line("this network", result.network.figures);
}

void write_pictures(const Result& result, const Pictures& test, const Pictures& noisy,
                    const fs::path& out) {
  const Index columns = std::min<Index>(10, test.cols());
  Pictures sheet(test.rows(), 3 * columns);
  sheet << noisy.leftCols(columns), result.network.pictures.leftCols(columns),
      test.leftCols(columns);
  examples::write_sheet(out / "denoised.png", sheet, {.columns = columns});
}

void write_summary(const Result& result, const ae::History& history, const examples::Horses& data,
                   const Settings& settings, int threads) {
  const auto figures = [](const char* name, const Figures& found) {
    return ae::detail::text("  \"", name, "_psnr\": ", found.psnr, ",\n  \"", name,
                            "_ssim\": ", found.ssim, ",\n");
  };
  ae::write_file(
      ae::detail::text(
          "{\n  \"epochs\": ", history.size(), ",\n  \"train_images\": ", data.train.samples(),
          ",\n  \"test_images\": ", data.test.samples(),
          ",\n  \"windows_of_a_picture\": ", settings.windows, ",\n  \"sigma\": ", settings.sigma,
          ",\n", figures("noisy", result.noisy), figures("network", result.network.figures),
          figures("pca", result.pca.figures), "  \"pca_components\": ", result.pca.components,
          ",\n", figures("window_pca", result.window_pca.figures), "  \"window_pca_components\": ",
          result.window_pca.components, ",\n  \"train_seconds\": ", history.back().seconds,
          ",\n  \"threads\": ", threads, ",\n  \"seed\": ", settings.seed,
          ",\n  \"synthetic\": ", data.synthetic ? "true" : "false", "\n}\n"),
      settings.out / "summary.json");
}

void run(const Settings& settings) {
  const int threads = examples::use_threads(settings.threads);
  fs::create_directories(settings.out);
  const auto data = examples::load_horses(settings.data, settings.out, settings.seed);
  const Pictures horses = data.train.matrix(), test = data.test.matrix();
  const Pictures noisy = with_noise(test, settings, 0);

  Model model(layers, settings.seed, ae::HeNormal{});
  const ae::History history = train(model, horses, settings);
  ae::save(model, settings.out / "model.safetensors");

  const Result result = compare(model, horses, test, noisy, settings);
  print(result);
  write_pictures(result, test, noisy, settings.out);
  write_summary(result, history, data, settings, threads);
  std::cout << "model, pictures and figures are in " << settings.out.string() << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  return examples::run_program("denoise", [&] {
    run(parse(argc, argv));
    return 0;
  });
}
