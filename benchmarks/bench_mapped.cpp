/// An epoch of a set of several gigabytes: from memory, and from a file that is mapped into it.
///   bench_mapped write FILE --gigabytes 4
///   bench_mapped memory|mapped FILE
/// To hold it to less memory than the file has, start it in a control group with a limit;
/// docs/distributed.md says how.
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <ae/autoencoder.hpp>
#include <ae/data/npy.hpp>
#include <cstdio>
#include <fstream>

namespace {

using ae::Index;

constexpr Index features = 1024;

/// Samples that hang together through a few hidden numbers, piece by piece.
void write(const std::string& path, double gigabytes) {
  constexpr Index piece = 8192;
  const auto pieces = static_cast<Index>(gigabytes * 1e9 / (4.0 * features * piece));
  std::ofstream out(path, std::ios::binary);
  out << ae::detail::npy_header_of<float>(ae::detail::text(pieces * piece, ", ", features));
  const ae::Matrix<float> mixed = ae::Matrix<float>::Random(features, 32) / 4;
  for (Index i = 0; i < pieces; ++i) {
    const ae::Matrix<float> x = mixed * ae::Matrix<float>::Random(32, piece);
    out.write(reinterpret_cast<const char*>(x.data()), x.size() * Index{sizeof(float)});
  }
  if (!out.flush()) throw ae::FileError(path + ": cannot be written");
}

void train(const ae::ByteSource& x, bool blocks, const std::vector<Index>& layers) {
  ae::StackedAutoencoder model(layers);
  const auto history = model.fit(x, {.epochs = 2,
                                     .order = blocks ? ae::Order::blocks : ae::Order::shuffled,
                                     .callbacks = {[](const ae::Progress& at) {
                                       if (at.epoch_ended)
                                         std::printf("epoch %td: %.2f s\n", at.epoch, at.seconds);
                                     }}});
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf("%td samples, loss %.6f, %.1f s an epoch, at most %ld MB of memory\n", x.samples(),
              history.back().data_loss, history[1].seconds - history[0].seconds,
              usage.ru_maxrss / 1000);
}

}  // namespace

int main(int argc, char** argv) {
  std::string what, file;
  double gigabytes = 4;
  std::vector<Index> layers = {features, 300, 150};
  CLI::App app("An epoch of a large set, from memory or from a file.", "bench_mapped");
  app.add_option("what", what)->required()->check(CLI::IsMember({"write", "memory", "mapped"}));
  app.add_option("file", file)->required();
  app.add_option("--gigabytes", gigabytes, "of the file");
  app.add_option("--layers", layers, "sizes from the input to the code")->delimiter(',');
  CLI11_PARSE(app, argc, argv);
  try {
    if (what == "write") write(file, gigabytes);
    if (what == "memory") train(ae::npy::read(file), false, layers);
    if (what == "mapped") train(ae::npy::map(file), true, layers);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_mapped: %s\n", error.what());
    return 1;
  }
}
