#pragma once

#include <ae/tools/detector.hpp>
#include <iosfwd>

namespace examples {

/// Reads a table from a file descriptor line by line, by a schema with the features of the
/// detector's, and writes a verdict for each row as soon as the input pauses. A row that cannot be
/// read is an anomaly without a score, and told of on standard error. Returns how many rows there
/// were. Throws ae::FileError for columns that are not the detector's, and where nothing can be
/// written.
ae::Index watch(const ae::Detector& detector, const ae::Schema& schema, int input,
                std::ostream& out, const ae::TableOptions& options);

}  // namespace examples
