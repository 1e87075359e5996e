// SPDX-License-Identifier: Apache-2.0
#include "policy/builtin/all_caps.h"

#include "policy/object_reader.h"

#include <QString>

namespace luthien::policy::builtin {

namespace {

class AllCapsCall final : public PolicyCall
{
public:
    /// Each part on its own: what an API calls one delta is a whole string, so no character is cut.
    void text(std::uint32_t, std::uint32_t, std::string_view part, std::string& out) override
    {
        out += QString::fromUtf8(part.data(), static_cast<qsizetype>(part.size())).toUpper().toStdString();
    }
};

class AllCaps final : public Policy
{
public:
    [[nodiscard]] Interests interests() const noexcept override { return {.text = true}; }
    [[nodiscard]] std::unique_ptr<PolicyCall> open(const PolicyContext&) const override
    {
        return std::make_unique<AllCapsCall>();
    }
};

Result<std::shared_ptr<const Policy>> makeAllCaps(const boost::json::object& config, const Services&)
{
    if (const Result<void> read = ObjectReader(config).finish(); !read)
        return read.error();
    return std::shared_ptr<const Policy>(std::make_shared<AllCaps>());
}

} // namespace

const PolicyType kAllCaps{
    .name = "all-caps",
    .title = "All capitals",
    .summary = "Writes the text of every reply in capitals: an easy way to see that policies work.",
    .schema = R"({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "All capitals",
  "type": "object",
  "properties": {},
  "additionalProperties": false
})",
    .make = makeAllCaps,
};

} // namespace luthien::policy::builtin
