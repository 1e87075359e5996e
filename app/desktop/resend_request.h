// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "desktop/models/call_detail_source.h"

#include <string>
#include <string_view>

namespace luthien::desktop {

/// The session in which a call is recorded that was sent again: it names the one it was made from.
[[nodiscard]] std::string resentSession(CallId original);

/// The call such a session names; nil = it is another session. A label that any client can give itself.
[[nodiscard]] CallId originalOf(std::string_view session);

/// The policies that a call was sent again under in place of those in force, as the proxy recorded them; empty = none.
[[nodiscard]] std::string trialOf(const CallDetail& detail);

/// Whether the record left a credential out that whoever sends the request again has to give.
[[nodiscard]] bool needsCredential(const CallDetail& detail);

/// What the record does not say about a request that is sent again.
struct Resending
{
    std::string_view credential; ///< stands where one was; empty = nowhere
    std::string_view authority;
    std::string_view clientToken; ///< of the proxy; empty = it asks for none
    std::string_view trial;       ///< token of other policies than those in force, see proxy::TrialChains; empty = none
};

/// A recorded request as bytes for the proxy: the same body and headers, those aside that spoke of the connection, of
/// compression, of the session, of a trial, or were a credential.
/// Errors: InvalidInput if a header or the credential could not stand on a line of its own.
[[nodiscard]] Result<std::string> resendRequest(const CallDetail& detail, std::string_view body,
                                                const Resending& resending);

} // namespace luthien::desktop
