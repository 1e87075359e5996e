// SPDX-License-Identifier: Apache-2.0
#include "runtime/price_file.h"

#include <QFile>

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

namespace luthien::runtime {

namespace {

using conversation::ModelPrice;

constexpr qint64 kMaxBytes = 1024L * 1024;
constexpr std::size_t kMaxModels = 10'000;
constexpr double kMaxUsd = 100'000;

/// Takes what stands in the file, line by line where it is wrong.
class PriceReader
{
public:
    explicit PriceReader(std::string name)
        : m_name(std::move(name))
    {
    }

    Result<PriceFile> read(const YAML::Node& root)
    {
        PriceFile file;
        std::vector<ModelPrice> prices;
        const YAML::Node models = root.IsMap() ? root["models"] : YAML::Node();
        if (!models || !models.IsSequence() || models.size() > kMaxModels)
            return fail(root, "this must be as_of and a list of models");
        for (const auto& entry : root) {
            const std::string& key = entry.first.Scalar();
            if (key == "as_of" && entry.second.IsScalar())
                file.asOf = entry.second.Scalar();
            else if (key != "models")
                return fail(entry.first, "'" + key + "' is no setting of a price table");
        }
        for (const YAML::Node& item : models) {
            Result<ModelPrice> price = readModel(item);
            if (!price)
                return price.error();
            prices.push_back(*std::move(price));
        }
        file.prices = conversation::PriceTable(std::move(prices));
        return file;
    }

private:
    Result<ModelPrice> readModel(const YAML::Node& item)
    {
        if (!item.IsMap())
            return fail(item, "a model is a list of settings");
        ModelPrice price;
        std::optional<double> input;
        std::optional<double> output;
        struct Member
        {
            std::string_view name;
            std::optional<double>* value;
        };
        const std::array<Member, 4> members{{{"input", &input},
                                             {"output", &output},
                                             {"cache_read", &price.cacheRead},
                                             {"cache_write", &price.cacheWrite}}};
        for (const auto& entry : item) {
            const std::string& key = entry.first.Scalar();
            if (key == "model") {
                price.model = entry.second.Scalar();
                continue;
            }
            const auto* const member =
                std::find_if(members.begin(), members.end(), [&](const Member& one) { return one.name == key; });
            if (member == members.end())
                return fail(entry.first, "'" + key + "' is no price");
            *member->value = usd(entry.second);
            if (!*member->value)
                return fail(entry.second, key + " is US dollars for a million tokens, from 0 to 100000");
        }
        if (price.model.empty() || !input || !output)
            return fail(item, "a model has a name, and prices of input and output");
        price.input = *input;
        price.output = *output;
        return price;
    }

    static std::optional<double> usd(const YAML::Node& node)
    {
        const std::string& text = node.Scalar();
        double value = -1;
        const char* const end = text.data() + text.size();
        const auto [rest, failure] = std::from_chars(text.data(), end, value, std::chars_format::fixed);
        const bool isPrice = failure == std::errc() && rest == end && value >= 0 && value <= kMaxUsd;
        return isPrice ? std::optional(value) : std::nullopt;
    }

    [[nodiscard]] Error fail(const YAML::Node& node, std::string message) const
    {
        const YAML::Mark mark = node.Mark();
        return {ErrorCode::InvalidInput, std::move(message),
                m_name + (mark.is_null() ? "" : ':' + std::to_string(mark.line + 1))};
    }

    std::string m_name;
};

} // namespace

Result<PriceFile> readPrices(std::string_view yaml, const std::string& name)
{
    if (yaml.size() > static_cast<std::size_t>(kMaxBytes))
        return Error{ErrorCode::TooLarge, "is larger than 1 MiB", name};
    try {
        return PriceReader(name).read(YAML::Load(std::string(yaml)));
    } catch (const YAML::Exception& error) {
        const std::string line = error.mark.is_null() ? "" : ':' + std::to_string(error.mark.line + 1);
        return Error{ErrorCode::InvalidInput, error.msg, name + line};
    }
}

Result<PriceFile> loadPrices(const std::filesystem::path& file)
{
    std::error_code failure;
    const bool isOwn = std::filesystem::exists(file, failure);
    QFile source(isOwn ? QString::fromStdString(file.string()) : QStringLiteral(":/runtime/resources/prices.yaml"));
    if (!source.open(QIODevice::ReadOnly))
        return Error{ErrorCode::Io, "cannot be read", source.fileName().toStdString()};
    const QByteArray text = source.read(kMaxBytes + 1);
    return readPrices({text.constData(), static_cast<std::size_t>(text.size())}, source.fileName().toStdString());
}

} // namespace luthien::runtime
