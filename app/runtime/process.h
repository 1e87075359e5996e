// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace luthien::runtime {

/// What holds for the whole process before it touches data: files for their owner only (umask 077), no core dumps with
/// keys in them, as many descriptors as the system allows, no SIGPIPE. Thread: main, first thing.
void hardenProcess();

} // namespace luthien::runtime
