#pragma once

/// How often `operator new` was called in this program so far. Eigen's own allocations are watched
/// by Eigen's run-time check.
long allocations();
