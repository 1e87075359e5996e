// SPDX-License-Identifier: Apache-2.0
#include "http_transcript.h"
#include "support/test_registry.h"

#include <QDir>
#include <QFile>

#include <yaml-cpp/yaml.h>

using namespace luthien::test;

namespace {
/// Where we judge otherwise than a suite, and why. The verdict is how the transcript ends.
struct Difference
{
    const char* verdict;
    const char* reason;
    QByteArrayList cases;
};

const QList<Difference>& gunicornDifferences()
{
    static const QList<Difference> all = {
        {"FAILED 400 bad_host\n", "rule 7: = is no part of a host", {"valid/002", "valid/003"}},
        {"FAILED 400 bad_target\n",
         "rule 9: fragments, quotes, raw bytes above 7E, paths that begin with //",
         {"valid/005", "valid/014", "valid/027", "valid/100"}},
        {"FAILED 400 bad_transfer_encoding\n", "rule 3: identity is no coding since RFC 7230", {"valid/009"}},
        {"FAILED 400 duplicate_transfer_encoding\n",
         "rule 3: one line, and only chunked",
         {"valid/025", "valid/029", "valid/030"}},
        {"FAILED 501 unsupported_transfer_encoding\n",
         "rule 3: only chunked",
         {"valid/025_line", "valid/rfc9112_smuggle_gzip_chunked_01", "valid/rfc9112_smuggle_te_identity_chunked_01"}},
        {"FAILED 400 bad_field\n", "RFC 9112 5.1: no space before the colon", {"valid/028"}},
        {"FAILED 400 bad_method\n",
         "rule 8: methods begin with a letter; these are accepted there only by a setting, as are the next",
         {"valid/031compat", "valid/031compat2"}},
        {"FAILED 400 lookalike_field\n", "rule 10", {"valid/040", "valid/040_compat"}},
        {"FAILED 400 obs_fold\n", "rule 1", {"valid/compat_obs_fold", "valid/compat_obs_fold_huge"}},
        {"FAILED 400 bad_version\n", "we do not speak the PROXY protocol", {"valid/pp_01", "valid/pp_02"}},
        {"FAILED 400 nul_byte\n", "we do not speak the PROXY protocol", {"valid/pp_04", "valid/pp_05"}},
        {"FAILED 400 target_not_host\n", "rule 9: no userinfo", {"valid/rfc9112_target_absolute_userinfo_01"}},
        {"FAILED 501 unsupported_method\n",
         "rule 8: no tunnels",
         {"valid/rfc9112_target_authority_connect_01", "valid/rfc9112_target_authority_ipv6_01"}},
        {"", "cut off: not complete, so neither good nor bad", {"invalid/001", "invalid/pp_01", "invalid/pp_02"}},
        {"", "one line of the PROXY protocol, and no more", {"invalid/pp_03"}},
        {"chunked keep\n", "cut off behind the last chunk", {"invalid/rfc9112_chunked_missing_final_crlf_01"}},
        {"DONE keep\n",
         "a limit that test sets for itself: ours are 32 KiB a head and 128 fields",
         {"invalid/010", "invalid/017"}},
        {"DONE close\n",
         "a limit that test sets for itself: ours are 32 KiB a head and 128 fields",
         {"invalid/006", "invalid/007", "invalid/008", "invalid/009", "invalid/limit_header_default_01"}},
        {"DONE keep\n", "we take no scheme from X-Forwarded-*", {"invalid/019"}},
        {"DONE keep\n", "two Content-Types do not change where a message ends", {"invalid/041"}},
        {"DONE keep\n", "rule 15: a Host among the trailers is dropped", {"invalid/rfc9110_trailer_forbidden_host_01"}},
    };
    return all;
}

const QList<Difference>& guardianDifferences()
{
    static const QList<Difference> all = {
        {"FAILED 400 bad_field\n",
         "RFC 9112 5.1 and RFC 9110 5.5: a space before the colon, control bytes",
         {"acceptable/1", "acceptable/2", "acceptable/3", "acceptable/4", "bad-header-characters/12",
          "bad-header-characters/13", "bad-header-characters/14", "bad-header-characters/15"}},
        {"FAILED 505 unsupported_version\n",
         "only HTTP/1.0 and HTTP/1.1; a space in a target ends it",
         {"acceptable/7", "acceptable/9", "uri-specific-test-cases/4"}},
        {"FAILED 400 bad_version\n",
         "no HTTP/0.9, and no space behind the version",
         {"acceptable/8", "uri-specific-test-cases/2"}},
        {"length=1000 keep\n",
         "rule 16: we frame anew, so a body of GET or HEAD is safe",
         {"ambiguous/13", "ambiguous/15"}},
        {"length=22 keep\n", "rule 16", {"real-life-test-cases/1"}},
        {"chunked keep\n", "rule 16", {"ambiguous/14", "ambiguous/16", "real-life-test-cases/2"}},
        {"FAILED 501 unsupported_transfer_encoding\n",
         "rule 3: only chunked",
         {"more-compliant-tests/6", "more-compliant-tests/8", "rfc-compliant/10"}},
        {"FAILED 400 duplicate_transfer_encoding\n",
         "rule 3: one line",
         {"more-compliant-tests/9", "rfc-compliant/9", "rfc-compliant/11"}},
        {"FAILED 400 bad_transfer_encoding\n", "rule 3: no parameters", {"more-compliant-tests/10"}},
        {"FAILED 400 bad_target\n",
         "rule 9: marks and raw bytes that URLs do not have; no target at all",
         {"rfc-compliant/12", "rfc-compliant/13", "rfc-compliant/14"}},
    };
    return all;
}

/// Checks a transcript against what a suite expects, or against the row that says why we differ.
void judge(const QByteArray& name, const QByteArray& transcript, bool isValid, const QList<Difference>& differences)
{
    const bool isAccepted = !transcript.contains("FAILED");
    for (const Difference& difference : differences) {
        if (!difference.cases.contains(name))
            continue;
        QVERIFY2(transcript.endsWith(difference.verdict), transcript);
        QVERIFY2(isAccepted != isValid, "we agree with the suite after all: the row is out of date");
        return;
    }
    QVERIFY2(isAccepted == isValid, transcript);
}

QString dataFolder(const char* name)
{
    return qEnvironmentVariable("LUTHIEN_SOURCE_DIR") + QStringLiteral("/tests/data/http/") + QString::fromUtf8(name);
}

/// A file of gunicorn's suite: line ends do not count, written escapes do.
QByteArray unescaped(QByteArray text)
{
    text.replace("\r", "").replace("\n", "");
    QByteArray bytes;
    for (qsizetype at = 0; at < text.size(); ++at) {
        const char kind = text[at] == '\\' && at + 1 < text.size() ? text[at + 1] : '\0';
        const auto plain = QByteArrayView("rnt0").indexOf(kind);
        if (kind != '\0' && plain >= 0) {
            bytes += "\r\n\t\0"[plain];
            ++at;
        } else if (kind == 'x') {
            bytes += QByteArray::fromHex(text.mid(at + 2, 2));
            at += 3;
        } else {
            bytes += text[at];
        }
    }
    return bytes;
}

/// The suites leave Host out where they do not judge it. Rule 7 would then hide what the case is about.
QByteArray withHost(QByteArray bytes)
{
    const auto lower = bytes.toLower();
    if (lower.contains("\nhost:"))
        return bytes;
    // Pipelined requests get one each; but a body that looks like a request has its length and stays as it is.
    const auto end = lower.contains("\ncontent-length:") ? bytes.indexOf("\r\n") + 2 : bytes.size();
    return bytes.left(end).replace(" HTTP/1.1\r\n", " HTTP/1.1\r\nHost: added\r\n") + bytes.mid(end);
}

std::string_view view(const QByteArray& bytes)
{
    return {bytes.data(), static_cast<std::size_t>(bytes.size())};
}

QByteArray readAtEverySplit(const QByteArray& bytes)
{
    const std::string whole = readRequests({view(bytes)});
    for (const Pieces& pieces : everySplit(view(bytes)))
        if (const auto transcript = readRequests(pieces); transcript != whole)
            return "SPLIT " + QByteArray::fromStdString(whole + "and " + transcript);
    return QByteArray::fromStdString(whole);
}
} // namespace

class TestHttpSuites : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void gunicorn_data();
    void gunicorn();
    void desyncGuardian_data();
    void desyncGuardian();
};

void TestHttpSuites::gunicorn_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("isValid");
    for (const char* folder : {"valid", "invalid"}) {
        const QDir files(dataFolder("gunicorn/") + QString::fromUtf8(folder));
        for (const QString& name : files.entryList({QStringLiteral("*.http")}, QDir::Files, QDir::Name)) {
            QFile file(files.filePath(name));
            QVERIFY(file.open(QIODevice::ReadOnly));
            QTest::addRow("%s/%s", folder, qPrintable(QFileInfo(name).completeBaseName()))
                << withHost(unescaped(file.readAll())) << (QByteArrayView(folder) == "valid");
        }
    }
}

void TestHttpSuites::gunicorn()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const bool, isValid);
    const auto transcript = readAtEverySplit(bytes);
    judge(QByteArray(QTest::currentDataTag()), transcript, isValid, gunicornDifferences());
}

void TestHttpSuites::desyncGuardian_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("tier");
    const QDir files(dataFolder("desync-guardian"));
    for (const QString& name : files.entryList({QStringLiteral("*.yaml")}, QDir::Files, QDir::Name)) {
        const auto cases = YAML::LoadFile(files.filePath(name).toStdString());
        int number = 0;
        for (const auto& each : cases) {
            const auto text = [&](const char* key) { return QByteArray::fromStdString(each[key].as<std::string>()); };
            QByteArray bytes = text("method") + ' ' + text("uri") + ' ' + text("version") + "\r\n";
            for (const auto& field : each["headers"])
                bytes += QByteArray::fromStdString(field["name"].as<std::string>("") + ": " +
                                                   field["value"].as<std::string>("") + "\r\n");
            QTest::addRow("%s/%d %s", qPrintable(QFileInfo(name).completeBaseName()), ++number,
                          text("name").constData())
                << withHost(bytes + "\r\n") << QByteArray::fromStdString(each["expected"]["tier"].as<std::string>());
        }
    }
}

void TestHttpSuites::desyncGuardian()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const QByteArray, tier);
    const auto transcript = readAtEverySplit(bytes);
    const QByteArray row(QTest::currentDataTag());
    judge(row.left(row.indexOf(' ')), transcript, tier == "Compliant" || tier == "Acceptable", guardianDifferences());
}

LUTHIEN_TEST(tst_http_suites, TestHttpSuites)
#include "tst_http_suites.moc"
