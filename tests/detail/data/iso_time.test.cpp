#include "ae/detail/data/iso_time.hpp"

#include <doctest/doctest.h>

#include <string>

using ae::detail::parse_iso_time;

TEST_CASE("dates and moments of ISO 8601 are seconds since 1970") {
  CHECK(parse_iso_time("1970-01-01") == 0.0);
  CHECK(parse_iso_time("1969-12-31") == -86400.0);
  CHECK(parse_iso_time("2024-02-29") == 1709164800.0);
  CHECK(parse_iso_time("2026-11-28T10:00") == 1795860000.0);
  CHECK(parse_iso_time("2026-11-28 10:00:01") == 1795860001.0);
  CHECK(parse_iso_time("2026-11-28T10:00:01.25Z") == 1795860001.25);
  CHECK(parse_iso_time("2026-11-28T10:00:01,5") == 1795860001.5);
  CHECK(parse_iso_time("2026-11-28t10:00z") == 1795860000.0);
  CHECK(parse_iso_time("2026-11-28T10:00+01:30") == 1795860000.0 - 5400);
  CHECK(parse_iso_time("2026-11-28T10:00-0130") == 1795860000.0 + 5400);
  CHECK(parse_iso_time("2026-11-28T10:00:00+02") == 1795860000.0 - 7200);
  CHECK(parse_iso_time("2016-12-31T23:59:60Z") == 1483228800.0);
  CHECK(parse_iso_time("1970-01-01T00:00:00.1234567890123456789") == 0.123456789012345);
}

TEST_CASE("other texts are no times") {
  for (const char* text : {"",
                           "2026",
                           "2026-11",
                           "2026-11-28T",
                           "2026-13-01",
                           "2026-02-30",
                           "2023-02-29",
                           "2026-1-1",
                           "2026-11-28T24:00",
                           "2026-11-28T10",
                           "2026-11-28T10:60",
                           "2026-11-28T10:00:61",
                           "2026-11-28T10:00:00.",
                           "2026-11-28T10:00+",
                           "2026-11-28T10:00+1",
                           "2026-11-28T10:00+01:",
                           "2026-11-28T10:00ZZ",
                           "2026-11-28 ",
                           "28.11.2026",
                           "11/28/2026",
                           "2026/11/28"}) {
    CAPTURE(std::string(text));
    CHECK(!parse_iso_time(text));
  }
}
