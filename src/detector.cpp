#include "ae/detail/tools/detector-inl.hpp"
#include "ae/detail/tools/detector_file-inl.hpp"
#include "ae/detail/tools/detector_fit-inl.hpp"
