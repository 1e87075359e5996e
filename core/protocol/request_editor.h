// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "conversation/api.h"
#include "conversation/request_review.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::protocol {

/// A request body as policies see it, read strictly (see ReplyEditor). Thread: one at a time.
class RequestEditor
{
public:
    virtual ~RequestEditor() = default;

    [[nodiscard]] virtual const std::vector<conversation::RequestPart>& parts() const = 0;
    /// The body with other texts; every other byte is as it was. changes: see RequestAnswer.
    [[nodiscard]] virtual std::string with(std::span<const conversation::PartChange> changes) const = 0;
};

/// Reads a request body (already decompressed). Null = we have none for that API, or the path asks for something else
/// than a reply of a model (embeddings, token counts, models). body outlives the editor.
/// Errors: InvalidInput for a body that could be read in two ways.
[[nodiscard]] Result<std::unique_ptr<RequestEditor>> makeRequestEditor(conversation::Api api, std::string_view path,
                                                                       std::string_view body);

/// The JSON schema of a tool's arguments as the request declares it; empty = it does not.
[[nodiscard]] std::string toolSchema(conversation::Api api, std::string_view body, std::string_view tool);

} // namespace luthien::protocol
