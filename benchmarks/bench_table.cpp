/// Reading tables of numbers as text: how fast, and with how much memory beside the values.
#include <unistd.h>

#include <fstream>
#include <iostream>
#include <sstream>

#include "ae/core/random.hpp"
#include "ae/data/csv.hpp"
#include "ae/data/table.hpp"
#include "support/child.hpp"
#include "support/contest.hpp"

namespace {

using namespace bench;
using ae::Index;
namespace fs = std::filesystem;

constexpr Index columns = 30;
constexpr double mib = 1024.0 * 1024.0;

/// A way to read a file; returns how many bytes of values come out.
struct Reader {
  const char* name;
  std::size_t (*read)(const fs::path& path);
};

std::size_t bytes_of(const ae::Matrix<double>& values) {
  return static_cast<std::size_t>(values.size()) * sizeof(double);
}

constexpr Reader readers[] = {
    {"a schema is learnt",
     [](const fs::path& path) {
       if (ae::Schema::learn(path).features() != columns) throw std::runtime_error("columns");
       return std::size_t{0};
     }},
    {"a table is read by its schema",
     [](const fs::path& path) {
       std::vector<ae::Column> all;
       for (Index i = 0; i < columns; ++i) all.push_back({"c" + std::to_string(i)});
       return bytes_of(ae::Table::read(path, ae::Schema(all, true, {})).values);
     }},
    {"csv::read", [](const fs::path& path) {
       return bytes_of(ae::csv::read<double>(ae::TextFile(path)).values);
     }}};

/// Rows of normal numbers with four decimals, about so many MiB; a file that goes with the object.
class File {
 public:
  explicit File(double size)
      : path_(fs::temp_directory_path() / ("bench_table." + std::to_string(getpid()) + ".csv")) {
    const ae::Random random(0, ae::Purpose::draw);
    std::string text;
    for (Index i = 0; i < columns; ++i) text += (i > 0 ? ",c" : "c") + std::to_string(i);
    std::ofstream out(path_, std::ios::binary);
    std::uint64_t at = 0;
    for (double written = 0; written < size * mib; written += static_cast<double>(text.size())) {
      out << text << '\n';
      text.clear();
      for (Index i = 0; i < columns; ++i) {
        char number[32];
        std::snprintf(number, sizeof number, i > 0 ? ",%.4f" : "%.4f", 100 * random.normal(at++));
        text += number;
      }
    }
    if (!out.flush()) throw std::runtime_error(path_.string() + ": cannot be written");
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { fs::remove(path_); }

  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

/// In a child: reads a file, and prints the bytes of its values and the seconds of each round.
void measure(const Reader& reader, const fs::path& path, std::size_t rounds) {
  for (std::size_t round = 0; round < rounds; ++round) {
    std::size_t bytes = 0;
    const double time = seconds([&] { bytes = reader.read(path); });
    if (round == 0) std::cout << bytes << '\n';
    std::cout << time << '\n';
  }
}

/// One reader and one file, as a row of the page.
std::string measured(const Reader& reader, const File& file, std::size_t rounds) {
  const Child child = run_child(
      {"--child", reader.name, "--file", file.path().string(), "--rounds", std::to_string(rounds)});
  std::istringstream in(child.output);
  double bytes = 0;
  in >> bytes;
  std::vector<double> times;
  for (double time; in >> time;) times.push_back(time);
  const double size = static_cast<double>(fs::file_size(file.path())) / 1e6;
  const double speed = size / median(times), beside = child.peak_mib - bytes / mib;
  std::printf("%-32s %8.0f MB %8.0f MB/s %8.1f MiB beside the values\n", reader.name, size, speed,
              beside);
  return json::object({{"name", json::text(reader.name)},
                       {"megabytes", json::number(size)},
                       {"megabytes_per_second", json::number(speed)},
                       {"mib_beside_values", json::number(beside)}});
}

}  // namespace

int main(int argc, char** argv) {
  Options options("Reading tables of 30 columns of numbers (warm from the system's cache).");
  options.rounds = 5;
  std::string child;
  fs::path path;
  options.app.add_option("--child", child, "only this, in this process")->group("");
  options.app.add_option("--file", path, "the file that it reads")->group("");
  CLI11_PARSE(options.app, argc, argv);

  std::vector<std::string> results;
  for (const double size : {16.0, 64.0, 256.0}) {
    if (!child.empty()) break;
    const File file(size);
    for (const Reader& reader : readers) {
      if (options.wanted(reader.name)) results.push_back(measured(reader, file, options.rounds));
    }
  }
  for (const Reader& reader : readers) {
    if (child == reader.name) measure(reader, path, options.rounds);
  }
  if (child.empty() && !options.json.empty()) {
    json::write(options.json, {{"environment", bench::to_json(environment())},
                               {"results", json::array(results)}});
  }
}
