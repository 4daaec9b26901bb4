#include "ae/detail/tools/mahalanobis_score-inl.hpp"
#include "ae/detail/tools/running_calibration-inl.hpp"
