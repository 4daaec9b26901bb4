#pragma once

#include <string>
#include <vector>

#include "ae/core/file.hpp"
#include "ae/core/types.hpp"

/// Numbers computed by libtorch in double for an autoencoder 8-5-3-5-8; how, the file says in its
/// key "about". Matrices lie there row by row.
class Reference {
 public:
  Reference() : json_(ae::read_file(AE_TEST_DATA "/dense_8_5_3_5_8.json")) {}

  /// All numbers behind `key` in `section`, up to the end of its list.
  std::vector<double> numbers(const std::string& section, const std::string& key) const {
    std::size_t at = section.empty() ? 0 : json_.find('"' + section + "\": {");
    at = json_.find('"' + key + "\":", at);
    if (at == std::string::npos) throw ae::Error("no " + key + " in " + section);
    if (!section.empty()) at = json_.find("\"data\":", at);
    at = json_.find('[', at) + 1;
    std::vector<double> found;
    for (const std::size_t end = json_.find(']', at); at < end; at = json_.find(',', at) + 1) {
      found.push_back(std::stod(json_.substr(at, 32)));
      if (json_.find(',', at) > end) break;
    }
    return found;
  }

  ae::Matrix<double> matrix(const std::string& section, const std::string& key, ae::Index rows,
                            ae::Index cols) const {
    using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    const std::vector<double> values = numbers(section, key);
    if (static_cast<ae::Index>(values.size()) != rows * cols) throw ae::Error("wrong size: " + key);
    return Eigen::Map<const RowMajor>(values.data(), rows, cols);
  }

 private:
  std::string json_;
};
