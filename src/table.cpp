#include "ae/detail/data/csv_rows-inl.hpp"
#include "ae/detail/data/schema-inl.hpp"
#include "ae/detail/data/table-inl.hpp"
#include "ae/detail/data/text_file-inl.hpp"
