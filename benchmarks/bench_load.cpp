/// Reading a set of 50,000 CIFAR records, and converting them to batches.
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <numeric>

#include "ae/core/file.hpp"
#include "ae/data/cifar.hpp"
#include "support/contest.hpp"

namespace {

using namespace bench;
using Files = std::vector<std::filesystem::path>;
using ae::Index;

constexpr Index records = 50'000, batch_size = 150, pixels = ae::Pictures::pixels;
constexpr Index record_bytes = 1 + ae::Pictures::planes;

/// Five files of random records in a folder that goes with this object.
class Set {
 public:
  Set()
      : folder_(std::filesystem::temp_directory_path() /
                ("bench_load." + std::to_string(getpid()))) {
    std::filesystem::create_directory(folder_);
    const ae::Random random(0, ae::Purpose::draw);
    std::string bytes(static_cast<std::size_t>(records / 5 * record_bytes), '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      bytes[i] = static_cast<char>(i % record_bytes == 0 ? 7 : random.bits(i / 8) >> (i % 8 * 8));
    }
    for (int i = 1; i <= 5; ++i) {
      files_.push_back(folder_ / ("data_batch_" + std::to_string(i) + ".bin"));
      ae::write_file(bytes, files_.back());
    }
  }
  Set(const Set&) = delete;
  Set& operator=(const Set&) = delete;
  ~Set() { std::filesystem::remove_all(folder_); }

  const Files& files() const { return files_; }

 private:
  std::filesystem::path folder_;
  Files files_;
};

void ae_read(const Files& files) {
  for (const auto& file : files) {
    if (ae::cifar10::read(file).samples() != records / 5) throw std::runtime_error("ae: records");
  }
}

std::vector<std::uint8_t> plain_read(const Files& files) {
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(records * record_bytes));
  std::uint8_t* to = bytes.data();
  for (const auto& path : files) {
    std::FILE* file = std::fopen(path.c_str(), "rb");
    if (!file) throw std::runtime_error(path.string() + ": cannot be opened");
    for (Index i = 0; i < records / 5; ++i, to += record_bytes) {
      if (std::fread(to, record_bytes, 1, file) != 1) throw std::runtime_error("short file");
    }
    std::fclose(file);
  }
  return bytes;
}

/// Every picture in gray, a batch at a time in one buffer.
void ae_convert(const ae::Pictures& pictures, ae::Matrix<float>& batch,
                const std::vector<Index>& order) {
  for (Index first = 0; first < records; first += batch_size) {
    const Index count = std::min(batch_size, records - first);
    ae::MatrixRef<float> x = batch.leftCols(count);
    pictures.read<float>(
        std::span(order).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count)),
        x);
    benchmark::DoNotOptimize(batch.data());
  }
}

void plain_convert(const std::vector<std::uint8_t>& bytes, ae::Matrix<float>& batch) {
  for (Index i = 0; i < records; ++i) {
    const std::uint8_t* red = bytes.data() + i * record_bytes + 1;
    float* to = batch.col(i % batch_size).data();
    for (Index p = 0; p < pixels; ++p) {
      to[p] = static_cast<float>(red[p] + red[p + pixels] + red[p + 2 * pixels]) / 3;
    }
    benchmark::DoNotOptimize(to);
  }
}

}  // namespace

int main(int argc, char** argv) {
  Options options(
      "Reading 50,000 CIFAR records (warm from the system's cache), and converting them.");
  options.threads = {1};
  options.rounds = 10;
  CLI11_PARSE(options.app, argc, argv);

  const Set set;
  const auto bytes = plain_read(set.files());
  const ae::Pictures pictures = ae::Pictures(bytes, 1).grayscale();
  std::vector<Index> order(records);
  std::iota(order.begin(), order.end(), Index{0});
  ae::Matrix<float> batch(pixels, batch_size);

  Contest contest(options);
  for (const int threads : options.threads) {
    const auto add = [&](const char* name, const char* contender, std::function<void()> run) {
      contest.add({name, contender, threads, 0, std::move(run)});
    };
    add("read 50,000 records", "ae", [&] { ae_read(set.files()); });
    add("read 50,000 records", "fread", [&] { plain_read(set.files()); });
    add("convert to float batches", "ae", [&] { ae_convert(pictures, batch, order); });
    add("convert to float batches", "plain loop", [&] { plain_convert(bytes, batch); });
  }
  contest.run();
  contest.write();
}
