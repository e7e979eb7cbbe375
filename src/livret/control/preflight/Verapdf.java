import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.logging.LogManager;
import javax.xml.parsers.DocumentBuilderFactory;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.VeraPDFFoundry;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.ErrorArgument;
import org.verapdf.pdfa.validation.profiles.ErrorArgumentImpl;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.Rule;
import org.verapdf.pdfa.validation.profiles.RuleId;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;
import org.verapdf.pdfa.validation.profiles.Variable;
import org.verapdf.pdfa.validation.validators.ValidatorConfig;
import org.verapdf.pdfa.validation.validators.ValidatorConfigBuilder;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Validates PDF files with the veraPDF engine: `java -cp ENGINE.jar Verapdf.java FLAVOUR FILE ...`.
 *
 * One line of JSON a file, in order: {"compliant": bool, "checks": n, "failed": [{"clause", "test", "count", "says",
 * "where", "message"}]} or {"error": text} for a file that the engine cannot read. Started from its source, so that a
 * Java run-time is enough and no class file needs to be kept. All files of a call share one start of the machine.
 * Without arguments it reads lines `FLAVOUR FILE`, and answers each at once: the tests of Livret ask one machine for all.
 */
public final class Verapdf {
    private static final int EXAMPLES = 1;

    public static void main(String[] arguments) throws Exception {
        // The engine logs on stderr what the results say anyway.
        LogManager.getLogManager().reset();
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        VeraGreenfieldFoundryProvider.initialise();
        if (arguments.length == 0) {
            answer(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)), out);
        } else {
            PDFAFlavour flavour = PDFAFlavour.fromString(arguments[0]);
            ValidationProfile profile = profile(flavour);
            for (int index = 1; index < arguments.length; index++) {
                out.println(verdict(arguments[index], flavour, profile));
            }
        }
        // The engine keeps threads that would hold the machine open.
        System.exit(0);
    }

    private static void answer(BufferedReader asked, PrintStream out) throws Exception {
        Map<PDFAFlavour, ValidationProfile> profiles = new HashMap<>();
        for (String line = asked.readLine(); line != null; line = asked.readLine()) {
            int space = line.indexOf(' ');
            PDFAFlavour flavour = PDFAFlavour.fromString(line.substring(0, space));
            if (!profiles.containsKey(flavour)) {
                profiles.put(flavour, profile(flavour));
            }
            out.println(verdict(line.substring(space + 1), flavour, profiles.get(flavour)));
        }
    }

    private static String verdict(String file, PDFAFlavour flavour, ValidationProfile profile) {
        VeraPDFFoundry foundry = Foundries.defaultInstance();
        ValidatorConfig config = ValidatorConfigBuilder.defaultBuilder()
            .flavour(flavour).maxFails(-1).maxNumberOfDisplayedFailedChecks(EXAMPLES).build();
        try (InputStream stream = new FileInputStream(file);
             PDFAParser parser = foundry.createParser(stream, flavour);
             PDFAValidator validator = foundry.createValidator(config, profile)) {
            return told(validator.validate(parser), profile);
        } catch (Exception | StackOverflowError problem) {
            return "{\"error\":" + quoted(problem.toString()) + "}";
        }
    }

    private static String told(ValidationResult result, ValidationProfile profile) {
        Map<RuleId, TestAssertion> examples = new HashMap<>();
        for (TestAssertion assertion : result.getTestAssertions()) {
            if (assertion.getStatus() == TestAssertion.Status.FAILED) {
                examples.putIfAbsent(assertion.getRuleId(), assertion);
            }
        }
        Map<String, String> failed = new TreeMap<>();
        for (Map.Entry<RuleId, Integer> entry : result.getFailedChecks().entrySet()) {
            RuleId rule = entry.getKey();
            TestAssertion example = examples.get(rule);
            failed.put(
                String.format("%s %04d", rule.getClause(), rule.getTestNumber()),
                "{\"clause\":" + quoted(rule.getClause()) + ",\"test\":" + rule.getTestNumber()
                    + ",\"count\":" + entry.getValue()
                    + ",\"says\":" + quoted(profile.getRuleByRuleId(rule).getDescription())
                    + ",\"where\":" + quoted(example == null ? "" : example.getLocation().getContext())
                    + ",\"message\":" + quoted(example == null ? "" : example.getErrorMessage()) + "}");
        }
        return "{\"compliant\":" + result.isCompliant() + ",\"checks\":" + result.getTotalAssertions()
            + ",\"failed\":[" + String.join(",", failed.values()) + "]}";
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char letter : (text == null ? "" : text).toCharArray()) {
            if (letter == '"' || letter == '\\') {
                quoted.append('\\').append(letter);
            } else if (letter < ' ' || Character.isSurrogate(letter)) {
                quoted.append(String.format("\\u%04x", (int) letter));
            } else {
                quoted.append(letter);
            }
        }
        return quoted.append('"').toString();
    }

    /** A profile of the jar, read by DOM: the jar carries the profiles, but no JAXB that the engine would read them by. */
    private static ValidationProfile profile(PDFAFlavour flavour) throws Exception {
        String id = flavour.getId();
        String name = id.startsWith("ua") ? "PDFUA-" + id.substring(2) : "PDFA-" + id.toUpperCase();
        try (InputStream stream = Verapdf.class.getResourceAsStream("/org/verapdf/pdfa/validation/" + name + ".xml")) {
            Document read = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(stream);
            Set<Rule> rules = new LinkedHashSet<>();
            for (Element element : elements(read.getDocumentElement(), "rule")) {
                rules.add(rule(element));
            }
            Set<Variable> variables = new LinkedHashSet<>();
            for (Element element : elements(read.getDocumentElement(), "variable")) {
                variables.add(Profiles.variableFromValues(
                    element.getAttribute("name"), element.getAttribute("object"),
                    content(element, "defaultValue"), content(element, "value")));
            }
            return Profiles.profileFromValues(
                flavour, Profiles.profileDetailsFromValues(name, name, "", new Date(0)), "", rules, variables);
        }
    }

    private static Rule rule(Element element) {
        Element id = elements(element, "id").get(0);
        List<ErrorArgument> arguments = new ArrayList<>();
        for (Element argument : elements(element, "argument")) {
            arguments.add(ErrorArgumentImpl.fromValues(argument.getTextContent(), null, null));
        }
        return Profiles.ruleFromValues(
            Profiles.ruleIdFromValues(
                PDFAFlavour.Specification.valueOf(id.getAttribute("specification")),
                id.getAttribute("clause"), Integer.parseInt(id.getAttribute("testNumber"))),
            element.getAttribute("object"),
            element.hasAttribute("deferred") ? Boolean.valueOf(element.getAttribute("deferred")) : null,
            element.getAttribute("tags"), content(element, "description"), content(element, "test"),
            Profiles.errorFromValues(content(element, "message"), arguments), new ArrayList<>());
    }

    private static List<Element> elements(Element above, String name) {
        NodeList nodes = above.getElementsByTagName(name);
        List<Element> found = new ArrayList<>();
        for (int index = 0; index < nodes.getLength(); index++) {
            found.add((Element) nodes.item(index));
        }
        return found;
    }

    private static String content(Element above, String name) {
        List<Element> found = elements(above, name);
        return found.isEmpty() ? null : found.get(0).getTextContent();
    }
}
