// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "policy/definition.h"
#include "runtime/paths.h"
#include "runtime/recorded_data.h"

#include <string>
#include <string_view>

namespace luthien::daemon {

using FindKey = runtime::RecordedData::FindKey; ///< see RecordedData::open

/// What became of a policy, newest first, a line each, or a JSON object a line. Errors: NotFound.
[[nodiscard]] Result<std::string> policyHistoryText(const runtime::Paths& paths, const FindKey& findKey,
                                                    const std::string& id, bool asJson);

/// What is other in the version to than in from; each is the beginning of a version's number, of 8 digits at least.
/// An empty to = the latest version; an empty from = the one before to. Errors: NotFound, InvalidArgument.
[[nodiscard]] Result<std::string> policyDiffText(const runtime::Paths& paths, const FindKey& findKey,
                                                 const std::string& id, std::string_view from, std::string_view to);

/// A version of a policy, with the mode the policy has now. Errors: NotFound, InvalidArgument.
[[nodiscard]] Result<policy::Definition> policyAtVersion(const runtime::Paths& paths, const FindKey& findKey,
                                                         const std::string& id, std::string_view version);

} // namespace luthien::daemon
