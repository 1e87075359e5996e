// SPDX-License-Identifier: Apache-2.0
#include "policy/builtin/noop.h"

#include "policy/object_reader.h"

namespace luthien::policy::builtin {

namespace {

class Noop final : public Policy
{
public:
    [[nodiscard]] Interests interests() const noexcept override { return {}; }
    [[nodiscard]] std::unique_ptr<PolicyCall> open(const PolicyContext&) const override
    {
        return std::make_unique<PolicyCall>();
    }
};

Result<std::shared_ptr<const Policy>> makeNoop(const boost::json::object& config, const Services&)
{
    if (const Result<void> read = ObjectReader(config).finish(); !read)
        return read.error();
    return std::shared_ptr<const Policy>(std::make_shared<Noop>());
}

} // namespace

const PolicyType kNoop{
    .name = "noop",
    .title = "No operation",
    .summary = "Looks at nothing and changes nothing.",
    .schema = R"({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "No operation",
  "type": "object",
  "properties": {},
  "additionalProperties": false
})",
    .make = makeNoop,
};

} // namespace luthien::policy::builtin
