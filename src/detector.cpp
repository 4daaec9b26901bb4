#include "ae/detail/tools/detector-inl.hpp"
