// SPDX-License-Identifier: Apache-2.0
#include "base/strict_json.h"
#include "protocol/json_tree.h"
#include "support/corpus.h"
#include "support/test_registry.h"

#include <QDir>

#include <boost/json.hpp>

using namespace luthien;
using namespace luthien::protocol;
using namespace luthien::test;

namespace json = boost::json;

namespace {

/// With room for the depth the tree allows.
json::value parsed(std::string_view text)
{
    json::parse_options options;
    options.max_depth = 200;
    return json::parse(text, {}, options);
}

/// The values as the tree has them.
json::value valueOf(const JsonNode& node)
{
    if (node.isString())
        return json::value(node.text());
    if (node.isArray()) {
        json::array list;
        for (const JsonNode element : node)
            list.push_back(valueOf(element));
        return list;
    }
    if (node.isObject()) {
        json::object object;
        for (const JsonNode member : node)
            object[member.key()] = valueOf(member);
        return object;
    }
    return parsed(node.json());
}

/// The first value whose own bytes say something else than the tree; empty = none.
std::string misplaced(const JsonNode& node, std::string_view text)
{
    if (text.substr(node.offset(), node.json().size()) != node.json() || parsed(node.json()) != valueOf(node))
        return std::string(node.json());
    for (const JsonNode child : node) {
        if (std::string found = misplaced(child, text); !found.empty())
            return found;
    }
    return {};
}

bool isTreeOf(std::string_view text)
{
    return JsonTree::read(text).hasValue();
}

class TestJsonTree : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsWhatTheStrictParserReads_data()
    {
        QTest::addColumn<QByteArray>("text");
        const QDir folder(QString::fromStdString(testDataDir()) + QLatin1String("/json-test-suite"));
        // Numbers no double can hold are the one thing left to the implementation that we take and the other does not.
        for (const QString& name : folder.entryList({QStringLiteral("*.json")}, QDir::Files))
            if (!name.startsWith(QLatin1String("i_number_")))
                QTest::newRow(qPrintable(name))
                    << QByteArray::fromStdString(readFile(folder.filePath(name).toStdString()));
        const auto row = [](const char* name, const QByteArray& text) { QTest::newRow(name) << text; };
        row("a member twice", R"({"a":1,"a":2})");
        row("a member twice, once escaped", R"({"command":"ls","\u0063ommand":"rm"})");
        row("a member twice, deep", R"([{"a":{"b":{"c":1,"d":[],"c":2}}}])");
        row("the empty name twice", R"({"":1,"":2})");
        row("a name with NUL twice", R"({"\u0000a":1,"\u0000a":2})");
        row("a second value", R"({"a":1} {})");
        row("a bracket behind", R"({"a":1}])");
        row("NUL behind", QByteArray("{}\0", 3));
        row("a lone leading surrogate", R"(["\ud83d"])");
        row("a leading surrogate before a letter", R"(["\ud83d\u0041"])");
        row("a lone trailing surrogate", R"(["\ude00"])");
        row("surrogates in the wrong order", R"(["\ude00\ud83d"])");
        row("a lone surrogate in a name", R"({"\ud83d":1})");
        row("a whole pair", R"(["\ud83d\ude00"])");
        row("a surrogate as UTF-8", "[\"\xED\xA0\xBD\"]");
        row("an overlong encoding", "[\"\xC0\xAF\"]");
        row("a cut UTF-8 sequence", "[\"\xF0\x9F\x98\"]");
        row("a byte order mark", "\xEF\xBB\xBF{}");
        row("a line break in a text", "[\"a\nb\"]");
        row("128 levels", QByteArray(128, '[') + QByteArray(128, ']'));
        row("129 levels", QByteArray(129, '[') + QByteArray(129, ']'));
        row("blanks around", " \r\n\t{ \"a\" : [ 1 , 2 ] } \n");
        row("a form feed behind a number", "[1\f]");
        row("a comment", "{}/* */");
    }
    void readsWhatTheStrictParserReads()
    {
        QFETCH(QByteArray, text);
        const std::string bytes = text.toStdString();
        const auto strict = parseStrictJson(bytes);
        const auto tree = JsonTree::read(bytes);
        QCOMPARE(tree.hasValue(), strict.hasValue() && strict->is_structured());
        if (tree)
            QCOMPARE(misplaced((*tree)->root(), bytes), std::string());
        else
            QCOMPARE(tree.error().code, ErrorCode::InvalidInput);
    }

    void everyPrefixAndEveryChangedByteIsReadAlike()
    {
        const std::string text =
            R"( {"a\n":[1,-2.5e+3,{"b":"\u00e4\ud83d\ude00x"},[],{}],"":null ,"t":true,"f":false} )";
        QVERIFY(isTreeOf(text));
        for (std::size_t size = 0; size < text.size(); ++size)
            QCOMPARE(isTreeOf(text.substr(0, size)), parseStrictJson(text.substr(0, size)).hasValue());
        for (std::size_t at = 0; at < text.size(); ++at) {
            for (int byte = 0; byte < 256; ++byte) {
                std::string other = text;
                other[at] = static_cast<char>(byte);
                QVERIFY2(isTreeOf(other) == parseStrictJson(other).hasValue(), other.c_str());
            }
        }
    }

    void everyRecordedRequestStandsWhereItIsSaidTo()
    {
        int read = 0;
        for (const ClientRequest& request : loadClientRequests()) {
            const auto tree = JsonTree::read(request.body);
            if (!tree)
                continue;
            QCOMPARE(misplaced((*tree)->root(), request.body), std::string());
            ++read;
        }
        QCOMPARE(read, 17);
    }

    void tooManyValuesAreRefused()
    {
        std::string text = "[0";
        for (std::size_t i = 0; i < JsonTree::kMaxNodes; ++i)
            text += ",0";
        const auto tree = JsonTree::read(text + "]");
        QVERIFY(!tree);
        QCOMPARE(tree.error().code, ErrorCode::TooLarge);
    }

    void whatIsAbsentHasNothing()
    {
        const auto tree = JsonTree::read(R"({"a":"x","l":[]})");
        QVERIFY(tree);
        const JsonNode root = (*tree)->root();
        const JsonNode absent = root["b"]["c"];
        QVERIFY(!absent && absent.isEmpty() && absent.text().empty() && absent.json().empty());
        QVERIFY(root["l"].isEmpty() && !root.isEmpty() && root["a"]["b"].kind() == JsonNode::Kind::Absent);
        QVERIFY(JsonNode().begin() == JsonNode().end());
    }
};

} // namespace

LUTHIEN_TEST(tst_json_tree, TestJsonTree)
#include "tst_json_tree.moc"
