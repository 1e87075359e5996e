// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/ids.h"
#include "conversation/call_event.h"

#include <cstdint>
#include <string>
#include <vector>

namespace luthien::store {

/// One call that a commit changed.
struct TouchedCall
{
    CallId id;
    std::string session;
    std::uint32_t lastSeq = 0; ///< last event in the database; meaningless while hasEvents is false
    bool hasEvents = false;
    conversation::CallStatus status = conversation::CallStatus::Open;
    bool operator==(const TouchedCall&) const = default;
};

/// What one commit made visible to readers.
struct CommitNotice
{
    std::uint64_t number = 0; ///< grows by one with every commit of the instance, for ever
    std::vector<TouchedCall> calls;
    std::vector<std::string> sessions; ///< whose rows changed without a call of theirs, or are gone
    std::int64_t instance = 0;         ///< whose commits the number counts; 0 = this one's
    std::int64_t evidenceHead = 0;     ///< number of the newest link of the instance's chain; 0 = as it was before
    bool operator==(const CommitNotice&) const = default;
};

} // namespace luthien::store
